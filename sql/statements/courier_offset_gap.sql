-- Answers [from, to) fell to retention before they were read.
WITH gap AS (
    INSERT INTO ingest_gap (topic, part, from_offset, to_offset, found_at)
    VALUES ($1::text, $2::int, $3::bigint, $4::bigint, clock_timestamp())
)
UPDATE ingest_offset
SET next_offset = $4::bigint, updated_at = clock_timestamp()
WHERE topic = $1::text AND part = $2::int AND next_offset = $3::bigint
RETURNING next_offset
