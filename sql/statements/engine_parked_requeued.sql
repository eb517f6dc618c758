-- The parked messages that the pending commands want read again.
SELECT q.topic, q.part, q.off, q.first_seen, q.data_key_id, k.wrapped, q.body
FROM (SELECT command_id, payload FROM command WHERE applied_at IS NULL ORDER BY command_id LIMIT 500) AS c
JOIN parked q ON q.parked_id = (c.payload->>'parked_id')::bigint
JOIN data_key k ON k.data_key_id = q.data_key_id
WHERE q.state = 'requeued' AND q.body IS NOT NULL
ORDER BY c.command_id
