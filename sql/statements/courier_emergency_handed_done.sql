-- Taken: payload and key go with it.
UPDATE outbox SET state = 'sent', sent_at = (SELECT clock()), attempts = attempts + 1
WHERE outbox_id = $1::bigint AND state = 'queued'
