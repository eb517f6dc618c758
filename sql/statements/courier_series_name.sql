-- The pseudonyms of a series, fixed for its life before its first message goes out.
UPDATE alert_series
SET child_pseudonym = $2::text, risk_pseudonym = $3::text
WHERE series_id = $1::text AND child_pseudonym IS NULL
