SELECT policy_begin($1::text, ARRAY[$2::text, $3::text, $4::text])
