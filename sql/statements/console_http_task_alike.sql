SELECT desk_alike($1::text)::text
