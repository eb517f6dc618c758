-- Reminders and steps that are due, and what nothing holds back any more; by the database clock and from rows, so that a
-- restart changes nothing.
SELECT planned, repeated, escalated, to_human, outbox_release() FROM escalate_due($1::int)
