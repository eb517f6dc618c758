-- The pseudonyms of series, fixed for their life before their first message goes out.
UPDATE alert_series s
SET child_pseudonym = n.child, risk_pseudonym = n.risk
FROM unnest($1::text[], $2::text[], $3::text[]) AS n (series_id, child, risk)
WHERE s.series_id = n.series_id AND s.child_pseudonym IS NULL
