-- Positions, compare-and-set; answers one row per moved partition (RELIABILITY.md A.3).
UPDATE ingest_offset o
SET next_offset = n.next_offset, anchor_offset = n.anchor_offset, anchor_hash = n.anchor_hash,
    cluster_id = $7::text, updated_at = now()
FROM unnest($1::text[], $2::int4[], $3::int8[], $4::int8[], $5::int8[], $6::bytea[])
     AS n (topic, part, expected, next_offset, anchor_offset, anchor_hash)
WHERE o.topic = n.topic AND o.part = n.part AND o.next_offset = n.expected
RETURNING 1
