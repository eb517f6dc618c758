-- Actual or exercise, from now on.
SELECT exercise_set($1::bigint, $2::text)::text
