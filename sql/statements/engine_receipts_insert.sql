-- Receipts for the feeding departments; only the courier produces them.
INSERT INTO outbox (kind, topic, key, payload, not_before, state, attempts, created_at)
SELECT 'receipt', n.topic, n.key, n.payload, now(), 'queued', 0, now()
FROM unnest($1::text[], $2::text[], $3::bytea[]) AS n (topic, key, payload)
