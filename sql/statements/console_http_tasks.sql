SELECT desk_list($1::text, $2::text, $3::smallint, $4::boolean, $5::text, $6::int)::text
