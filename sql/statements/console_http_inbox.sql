SELECT inbox_list($1::text, $2::text, $3::int)::text
