-- The delivery follows the answer.
WITH followed AS (
    UPDATE delivery
    SET state = $3::text, acked_at = coalesce(acked_at, clock_timestamp()), outcome_code = nullif($4::text, '')
    WHERE alert_id = $1::text AND post_id = $2::text
    RETURNING alert_id, post_id, state, outcome_code
)
SELECT audit_append('courier', post_id, 'post', 'alert_' || state, 'deliver', NULL, alert_id,
                    jsonb_strip_nulls(jsonb_build_object('post', post_id, 'who', nullif($5::text, ''),
                                                         'outcome', outcome_code)))
FROM followed
