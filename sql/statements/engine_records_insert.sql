-- Records seen for the first time.
INSERT INTO record (record_id, source_id, type, subject, state, version_time, part, off, event_id, digest, data_key_id,
                    body, facts, ends_on, ends_rule, basis, updated_at)
SELECT n.record_id, n.source_id, n.type, n.subject, n.state, n.version_time, n.part, n.off, n.event_id, n.digest,
       n.data_key_id, n.body, n.facts, date '1970-01-01' + n.end_day, n.ends_rule, n.basis, now()
FROM unnest($1::int8[], $2::int2[], $3::int2[], $4::text[], $5::text[], $6::timestamptz[], $7::int4[], $8::int8[],
            $9::text[], $10::bytea[], $11::int8[], $12::bytea[], $13::bytea[], $14::int4[], $15::text[], $16::bytea[])
     AS n (record_id, source_id, type, subject, state, version_time, part, off, event_id, digest, data_key_id, body, facts,
           end_day, ends_rule, basis)
