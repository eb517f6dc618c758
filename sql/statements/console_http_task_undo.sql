SELECT desk_decide($1::text, 'undo', $2::text, $3::int)::text
