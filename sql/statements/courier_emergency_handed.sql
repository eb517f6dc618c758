-- Emergencies that came on ordinary feeds, as the engine sealed them.
SELECT o.outbox_id, o.topic, (o.headers->>'part')::int, (o.headers->>'off')::bigint, (o.headers->>'appended_ms')::bigint,
       o.payload, k.data_key_id, k.wrapped
FROM outbox o CROSS JOIN LATERAL outbox_sealed(o.outbox_id) k
WHERE o.kind = 'emergency' AND o.state = 'queued'
ORDER BY o.outbox_id
LIMIT 100
