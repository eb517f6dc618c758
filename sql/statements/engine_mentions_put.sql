-- New or changed person blocks.
INSERT INTO mention AS m (mention_id, record_id, slot, role, person_id, canonical, features)
SELECT * FROM unnest($1::int8[], $2::int8[], $3::int2[], $4::int2[], $5::int8[], $6::bytea[], $7::bytea[])
ON CONFLICT (mention_id) DO UPDATE
SET role = excluded.role, person_id = excluded.person_id, features = excluded.features
