SELECT person_id FROM unmask_find($1::bytea, $2::text, $3::text)
