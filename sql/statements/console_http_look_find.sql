SELECT person_id FROM look_find($1::text, $2::text, $3::text, $4::text)
