SELECT policy_propose($1::text, ARRAY[$2::text, $3::text, $4::text], $5::text, $6::text, $7::boolean, $8::jsonb, $9::jsonb)
