-- Reminders and steps that are due, by the database clock and from rows, so that a restart changes nothing.
SELECT planned, repeated, escalated, to_human FROM escalate_due($1::int)
