SELECT office_export($1::text, $2::int, $3::text)
