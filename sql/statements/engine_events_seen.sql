-- Which of the batch's (source, id) pairs were processed before; answers positions in the arrays, from 1.
SELECT b.position::int
FROM unnest($1::int2[], $2::bytea[]) WITH ORDINALITY AS b (source_id, event_hash, position)
JOIN seen_event s ON s.source_id = b.source_id AND s.event_hash = b.event_hash
