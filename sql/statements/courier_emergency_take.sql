-- One judged emergency, in the transaction that moves its position.
SELECT outcome, alert_id
FROM emergency_take($1::text, $2::int, $3::bigint, $4::text, $5::text, $6::smallint, $7::text, $8::bytea,
                    to_timestamp($9::bigint / 1000.0), $10::text, $11::smallint, $12::text[], $13::jsonb, $14::bigint,
                    $15::bigint, $16::bytea, $17::bytea, $18::bytea, $19::bytea)
