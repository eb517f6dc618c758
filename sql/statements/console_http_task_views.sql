SELECT desk_views($1::text)::text
