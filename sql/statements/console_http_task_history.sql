SELECT desk_history($1::text)::text
