-- Rows that can never be sent leave their keys' way; counted and shown as an alarm.
UPDATE outbox SET state = 'failed' WHERE outbox_id = ANY ($1::bigint[]) AND state = 'queued'
