-- Remembers the (source, id) pairs that were processed.
INSERT INTO seen_event (source_id, event_hash, seen_at)
SELECT n.source_id, n.event_hash, now() FROM unnest($1::int2[], $2::bytea[]) AS n (source_id, event_hash)
ON CONFLICT DO NOTHING
