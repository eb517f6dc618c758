-- Live records whose features are made anew, a slice in the order of their numbers.
SELECT r.record_id, r.type, r.data_key_id, k.wrapped, r.body
FROM record r
JOIN data_key k ON k.data_key_id = r.data_key_id
WHERE r.state = 'live' AND r.record_id >= $1::bigint
ORDER BY r.record_id
LIMIT $2::int
