-- Seals records: tombstone first, then body, history, features, key and pairs are gone.
WITH marked AS (
    INSERT INTO seal_tombstone (tombstone, effective, created_at)
    SELECT n.tombstone, now(), now() FROM unnest($2::bytea[]) AS n (tombstone)
    ON CONFLICT DO NOTHING
)
SELECT seal_record(n.record_id) FROM unnest($1::int8[]) AS n (record_id) WHERE n.record_id > 0
