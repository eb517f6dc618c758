-- The position of one partition; a partition seen for the first time starts at the beginning (KAFKA-12261).
WITH added AS (
    INSERT INTO ingest_offset (topic, part, next_offset, cluster_id)
    VALUES ($1::text, $2::int, 0, $3::text)
    ON CONFLICT (topic, part) DO NOTHING
    RETURNING next_offset, anchor_offset, anchor_hash
)
SELECT next_offset, anchor_offset, anchor_hash FROM added
UNION ALL
SELECT next_offset, anchor_offset, anchor_hash FROM ingest_offset WHERE topic = $1::text AND part = $2::int
