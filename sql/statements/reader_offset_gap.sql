-- Messages [from, to) fell to retention before they were read: a row that stays, and the position behind them.
WITH moved AS (
    UPDATE ingest_offset
    SET next_offset = $4::bigint, anchor_offset = NULL, anchor_hash = NULL, updated_at = now()
    WHERE topic = $1::text AND part = $2::int AND next_offset = $3::bigint
    RETURNING next_offset
), gap AS (
    INSERT INTO ingest_gap (topic, part, from_offset, to_offset, found_at)
    SELECT $1::text, $2::int, $3::bigint, $4::bigint, now() FROM moved
)
SELECT next_offset FROM moved
