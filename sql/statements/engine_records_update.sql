-- Newer versions of known records; the version they replace becomes history.
WITH changed AS (
    SELECT * FROM unnest($1::int8[], $2::text[], $3::timestamptz[], $4::int4[], $5::int8[], $6::text[], $7::bytea[],
                         $8::bytea[], $9::bytea[])
        AS n (record_id, state, version_time, part, off, event_id, digest, body, facts)
), kept AS (
    INSERT INTO record_history (record_id, version_time, part, off, event_id, state, body, stored_at)
    SELECT r.record_id, r.version_time, r.part, r.off, r.event_id, r.state, r.body, now()
    FROM record r JOIN changed USING (record_id)
    ON CONFLICT DO NOTHING
)
UPDATE record r
SET state = c.state, version_time = c.version_time, part = c.part, off = c.off, event_id = c.event_id,
    digest = c.digest, body = c.body, facts = c.facts, updated_at = now()
FROM changed c
WHERE r.record_id = c.record_id
