-- The guardians were told of an emergency.
SELECT alert_notice($1::bigint, $2::text)::text
