-- What is known of the alert and the delivery an answer names.
SELECT a.alert_id IS NOT NULL, d.alert_id IS NOT NULL, d.state, coalesce(d.ack_by < (SELECT clock()), false)
FROM (SELECT 1) AS one
LEFT JOIN alert a ON a.alert_id = $1::text
LEFT JOIN delivery d ON d.alert_id = $1::text AND d.post_id = $2::text
