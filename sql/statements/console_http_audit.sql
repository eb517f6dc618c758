SELECT office_audit($1::text, $2::text, $3::text, $4::date, $5::date, $6::text, $7::int)::text
