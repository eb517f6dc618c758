-- Takes an alert back.
SELECT alert_cancel_by($1::bigint, $2::text, $3::text)::text
