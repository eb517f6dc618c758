-- Counted; the row stays queued and its topic rests. A row that can never be sent ($2) leaves its key's way.
UPDATE outbox
SET attempts = attempts + 1, state = CASE WHEN $2::boolean THEN 'failed' ELSE state END
WHERE outbox_id = ANY ($1::bigint[]) AND state = 'queued'
