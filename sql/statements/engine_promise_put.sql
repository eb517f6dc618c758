INSERT INTO feed_promise (record_id, source_id, silence_minutes, said_at, part, off)
SELECT * FROM unnest($1::int8[], $2::int2[], $3::int4[], $4::timestamptz[], $5::int4[], $6::int8[])
