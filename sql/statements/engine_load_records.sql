-- Facts of the live records, for the index at start.
SELECT r.record_id, r.data_key_id, k.wrapped, r.facts
FROM record r JOIN data_key k ON k.data_key_id = r.data_key_id
WHERE r.state = 'live' AND r.facts IS NOT NULL
ORDER BY r.record_id
