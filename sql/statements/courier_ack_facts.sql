-- What is known of the alert and the delivery an answer names; locks the delivery.
SELECT a.alert_id IS NOT NULL, d.alert_id IS NOT NULL, d.state, coalesce(d.ack_by < clock_timestamp(), false)
FROM (SELECT 1) AS one
LEFT JOIN alert a ON a.alert_id = $1::text
LEFT JOIN LATERAL (
    SELECT * FROM delivery WHERE alert_id = $1::text AND post_id = $2::text FOR UPDATE) AS d ON true
