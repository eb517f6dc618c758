SELECT public_id, state, records, to_char(apply_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')
FROM erase_ask($1::text, $2::bigint, $3::text, $4::smallint, $5::text, $6::text)
