SELECT desk_claim($1::text)::text
