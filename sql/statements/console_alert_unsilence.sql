-- Ends a silence.
SELECT silence_end($1::bigint, $2::bigint)::text
