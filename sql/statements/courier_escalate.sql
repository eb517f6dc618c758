-- Reminders and steps that are due, what nothing holds back any more, and the week's digest; by the database clock and
-- from rows, so that a restart changes nothing.
SELECT planned, repeated, escalated, to_human, outbox_release() + digest_run() FROM escalate_due($1::int)
