-- A reviewer opens one of them; NULL: nothing is counted there, or it is another's.
SELECT desk_counted_open($1::text)::text
