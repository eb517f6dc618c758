-- A decision on a pair; the function writes decision, alert, outbox and the engine's command row.
SELECT e.version, e.state FROM pair_event($1::bigint, $2::int, $3::text, $4::text, $5::jsonb) AS e
