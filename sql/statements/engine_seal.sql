-- Records that are forgotten: tombstones of sealed ones, then all traces. Kafka forgets every log that had a version, up
-- to where it was read: not only up to a version of it, for repeats leave no row.
WITH gone AS (
    SELECT * FROM unnest($1::int8[], $2::bytea[], $3::text[]) AS n (record_id, tombstone, reason)
), marked AS (
    INSERT INTO seal_tombstone (tombstone, effective, created_at)
    SELECT tombstone, now(), now() FROM gone WHERE reason = 'sealed'
    ON CONFLICT DO NOTHING
), version AS (
    SELECT s.topic, r.part FROM record r JOIN gone USING (record_id) JOIN source s USING (source_id)
    UNION
    SELECT s.topic, h.part
    FROM record_history h JOIN gone USING (record_id) JOIN record r USING (record_id) JOIN source s USING (source_id)
    UNION
    SELECT q.topic, q.part FROM parked q JOIN gone USING (tombstone)
), forgotten AS (
    INSERT INTO feed_erasure AS f (topic, part, before_off)
    SELECT topic, part, o.next_offset FROM version JOIN ingest_offset o USING (topic, part) WHERE o.next_offset > 0
    ON CONFLICT (topic, part) DO UPDATE SET before_off = greatest(f.before_off, excluded.before_off), asked_at = now()
)
SELECT forget_records(array_agg(record_id), array_agg(tombstone), array_agg(reason)) FROM gone
