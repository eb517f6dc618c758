SELECT desk_release($1::text)
