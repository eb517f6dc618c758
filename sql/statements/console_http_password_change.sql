SELECT password_change($1::text, $2::bytea, $3::bytea, $4::int, $5::bigint, $6::bytea)
