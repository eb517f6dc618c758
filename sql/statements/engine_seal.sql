-- Seals records: tombstone first, then body, history, features, key and pairs are gone, and what Kafka must forget is
-- written down: all that was read so far of a partition that brought a version of it, for repeats leave no row.
WITH sealed AS (
    SELECT * FROM unnest($1::int8[], $2::bytea[]) AS n (record_id, tombstone)
), marked AS (
    INSERT INTO seal_tombstone (tombstone, effective, created_at)
    SELECT tombstone, now(), now() FROM sealed
    ON CONFLICT DO NOTHING
), version AS (
    SELECT s.topic, r.part FROM record r JOIN sealed USING (record_id) JOIN source s USING (source_id)
    UNION
    SELECT s.topic, h.part
    FROM record_history h JOIN sealed USING (record_id) JOIN record r USING (record_id) JOIN source s USING (source_id)
    UNION
    SELECT q.topic, q.part FROM parked q JOIN sealed USING (tombstone)
), forgotten AS (
    INSERT INTO feed_erasure AS f (topic, part, before_off)
    SELECT topic, part, o.next_offset FROM version JOIN ingest_offset o USING (topic, part) WHERE o.next_offset > 0
    ON CONFLICT (topic, part) DO UPDATE SET before_off = greatest(f.before_off, excluded.before_off), asked_at = now()
)
SELECT seal_record(record_id) FROM sealed WHERE record_id > 0
