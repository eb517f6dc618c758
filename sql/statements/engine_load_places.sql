-- The standard address library, for the geocoder at start.
SELECT p.record_id, r.data_key_id, k.wrapped, p.features
FROM place p
JOIN record r ON r.record_id = p.record_id
JOIN data_key k ON k.data_key_id = r.data_key_id
ORDER BY p.record_id
