-- The task whose sheet the session may see; raises otherwise.
SELECT desk_authority($1::text)
