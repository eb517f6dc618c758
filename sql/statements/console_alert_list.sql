-- Deliveries, newest first, by pseudonym.
SELECT alert_list($1::bigint, $2::text, $3::text)::text
