-- Compare-and-set (RELIABILITY.md A.3); no row: another courier read on.
UPDATE ingest_offset
SET next_offset = $4::bigint, updated_at = clock_timestamp()
WHERE topic = $1::text AND part = $2::int AND next_offset = $3::bigint
RETURNING next_offset
