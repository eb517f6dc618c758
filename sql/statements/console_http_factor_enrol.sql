SELECT session_enrol($1::text, $2::bytea, $3::bytea)
