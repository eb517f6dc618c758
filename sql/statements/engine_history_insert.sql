-- Versions that arrived late, or were replaced within the same batch.
INSERT INTO record_history (record_id, version_time, part, off, event_id, state, body, stored_at)
SELECT n.record_id, n.version_time, n.part, n.off, n.event_id, n.state, n.body, now()
FROM unnest($1::int8[], $2::timestamptz[], $3::int4[], $4::int8[], $5::text[], $6::text[], $7::bytea[])
     AS n (record_id, version_time, part, off, event_id, state, body)
ON CONFLICT DO NOTHING
