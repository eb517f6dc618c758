-- Emergencies that came on ordinary feeds, sealed whole: the courier takes them as it takes those of its own topics.
INSERT INTO outbox (kind, topic, headers, payload, data_key_id, not_before, state, attempts, created_at)
SELECT 'emergency', n.topic, jsonb_build_object('part', n.part, 'off', n.off, 'appended_ms', n.appended_ms), n.payload,
       n.data_key_id, now(), 'queued', 0, now()
FROM unnest($1::text[], $2::int4[], $3::int8[], $4::int8[], $5::int8[], $6::bytea[])
     AS n (topic, part, off, appended_ms, data_key_id, payload)
