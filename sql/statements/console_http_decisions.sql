SELECT desk_decide_all($1::text, $2::text, $3::jsonb)::text
