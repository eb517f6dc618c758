-- Refused messages, encrypted, in the transaction that moves the offset past them.
INSERT INTO parked AS p (topic, part, off, source_id, event_id, code, field, rule, stage, first_seen, attempts, state,
                         data_key_id, body, tombstone)
SELECT n.topic, n.part, n.off, n.source_id, n.event_id, n.code, n.field, n.rule, n.stage, now(), 1, 'parked',
       n.data_key_id, n.body, n.tombstone
FROM unnest($1::text[], $2::int4[], $3::int8[], $4::int2[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::int8[], $11::bytea[], $12::bytea[])
     AS n (topic, part, off, source_id, event_id, code, field, rule, stage, data_key_id, body, tombstone)
ON CONFLICT (topic, part, off) DO UPDATE SET attempts = p.attempts + 1, state = 'parked', code = excluded.code,
    field = excluded.field, rule = excluded.rule, stage = excluded.stage, data_key_id = excluded.data_key_id,
    body = excluded.body, tombstone = excluded.tombstone
