-- Holds back what matches.
SELECT silence_put($1::bigint, $2::text, $3::text, $4::text, $5::text, $6::text, $7::int)::text
