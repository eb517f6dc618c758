-- A type that one record names twice counts as it was named last.
INSERT INTO feed_total (record_id, type, n, hash)
SELECT DISTINCT ON (n.record_id, n.type) n.record_id, n.type, n.n, decode(n.hash, 'hex')
FROM unnest($1::int8[], $2::int2[], $3::int8[], $4::text[]) WITH ORDINALITY AS n (record_id, type, n, hash, position)
ORDER BY n.record_id, n.type, n.position DESC
