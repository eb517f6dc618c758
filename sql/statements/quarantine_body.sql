-- The sealed body of one parked message and its key.
SELECT q.body, q.data_key_id, k.wrapped
FROM parked q
JOIN data_key k ON k.data_key_id = q.data_key_id
WHERE q.parked_id = $1::bigint AND q.body IS NOT NULL
