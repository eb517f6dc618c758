-- Entries of the standard address library.
INSERT INTO place AS p (record_id, place_id_hash, features, area_code)
SELECT * FROM unnest($1::int8[], $2::bytea[], $3::bytea[], $4::int8[])
ON CONFLICT (record_id) DO UPDATE SET place_id_hash = excluded.place_id_hash, features = excluded.features,
                                      area_code = excluded.area_code
