-- Newer versions of known records; the version they replace becomes history. A stated end moves later only on a new basis.
WITH changed AS (
    SELECT r.record_id, n.state, n.version_time, n.part, n.off, n.event_id, n.digest, n.body, n.facts, n.ends_rule, n.basis,
           date '1970-01-01' + n.end_day AS ends_on,
           n.state = 'live' AND record_end_is_stated(r.ends_rule) AND r.basis = n.basis
               AND (n.end_day IS NULL OR date '1970-01-01' + n.end_day > r.ends_on) AS is_held
    FROM unnest($1::int8[], $2::text[], $3::timestamptz[], $4::int4[], $5::int8[], $6::text[], $7::bytea[], $8::bytea[],
                $9::bytea[], $10::int4[], $11::text[], $12::bytea[])
        AS n (record_id, state, version_time, part, off, event_id, digest, body, facts, end_day, ends_rule, basis)
    JOIN record r USING (record_id)
), kept AS (
    INSERT INTO record_history (record_id, version_time, part, off, event_id, state, body, stored_at)
    SELECT r.record_id, r.version_time, r.part, r.off, r.event_id, r.state, r.body, now()
    FROM record r JOIN changed USING (record_id)
    ON CONFLICT DO NOTHING
)
UPDATE record r
SET state = c.state, version_time = c.version_time, part = c.part, off = c.off, event_id = c.event_id,
    digest = c.digest, body = c.body, facts = c.facts, ends_held = c.is_held,
    ends_on = CASE WHEN c.is_held THEN r.ends_on ELSE c.ends_on END,
    ends_rule = CASE WHEN c.is_held THEN r.ends_rule ELSE c.ends_rule END,
    basis = CASE WHEN c.state = 'live' THEN c.basis ELSE r.basis END, updated_at = now()
FROM changed c
WHERE r.record_id = c.record_id
