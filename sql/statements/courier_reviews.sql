-- Missed reviews and signatures one step up, and pairs whose review is due again; by clock(), so a restart changes nothing.
SELECT escalated, reopened, looked_at FROM review_due_run($1::int)
