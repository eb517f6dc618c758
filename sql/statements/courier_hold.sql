-- Which of the rows about to leave may do so; the others are muted, or gone.
SELECT outbox_hold($1::bigint[])
