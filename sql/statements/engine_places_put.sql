-- Entries of the standard address library.
INSERT INTO place AS p (record_id, place_id_hash, features)
SELECT * FROM unnest($1::int8[], $2::bytea[], $3::bytea[])
ON CONFLICT (record_id) DO UPDATE SET place_id_hash = excluded.place_id_hash, features = excluded.features
