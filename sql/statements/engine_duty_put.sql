INSERT INTO duty_turn (record_id, line, account, duty, from_at, to_at, contact)
SELECT * FROM unnest($1::int8[], $2::int2[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::bytea[])
