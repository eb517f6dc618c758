SELECT audit_root_put($1::bigint, $2::timestamptz, $3::int, $4::jsonb, $5::bytea, $6::text)
