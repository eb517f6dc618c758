SELECT office_user_reset($1::text, $2::bytea, $3::int, $4::bigint, $5::bytea)
