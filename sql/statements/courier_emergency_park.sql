-- A refused emergency message, sealed whole.
SELECT emergency_park($1::text, $2::int, $3::bigint, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text, $10::text,
                      $11::bigint, $12::bytea, $13::bytea, $14::bytea)
