-- Data keys of new records and parked messages.
INSERT INTO data_key (data_key_id, wrapped)
SELECT * FROM unnest($1::int8[], $2::bytea[])
