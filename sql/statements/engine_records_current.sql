-- The stored version of each record the batch touches, with its wrapped key; answers positions from 1.
SELECT b.position::int, r.record_id, r.state = 'withdrawn' AS is_withdrawn, r.version_time, r.part, r.off, r.digest,
       r.data_key_id, k.wrapped
FROM unnest($1::int2[], $2::int2[], $3::text[]) WITH ORDINALITY AS b (source_id, type, subject, position)
JOIN record r ON r.source_id = b.source_id AND r.type = b.type AND r.subject = b.subject
LEFT JOIN data_key k ON k.data_key_id = r.data_key_id
