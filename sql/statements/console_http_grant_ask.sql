SELECT office_grant_ask($1::text, $2::jsonb, $3::jsonb, $4::jsonb, $5::text)::text
