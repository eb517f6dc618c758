INSERT INTO post_roster (record_id, post_id, lead_post, said_at, part, off)
SELECT * FROM unnest($1::int8[], $2::text[], $3::text[], $4::timestamptz[], $5::int4[], $6::int8[])
