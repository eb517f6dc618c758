-- One alert: where it stands with each post, its steps and answers.
SELECT alert_show($1::bigint, $2::text)::text
