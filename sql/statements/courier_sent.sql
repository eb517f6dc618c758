-- What delivery reports confirmed; running it twice changes nothing more. An answer that was faster keeps its state.
WITH report AS (
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[]) AS r (outbox_id, ack_by, act_by)
), sent AS (
    UPDATE outbox o
    SET state = 'sent', sent_at = clock_timestamp()
    FROM report r
    WHERE o.outbox_id = r.outbox_id AND o.state = 'queued'
    RETURNING o.kind, o.alert_id, o.post_id, r.ack_by, r.act_by
), delivered AS (
    UPDATE delivery d
    SET state = CASE WHEN d.state = 'queued' THEN 'sent' ELSE d.state END,
        sent_at = coalesce(d.sent_at, clock_timestamp()),
        ack_by = coalesce(d.ack_by, s.ack_by::timestamptz),
        act_by = coalesce(d.act_by, s.act_by::timestamptz)
    FROM sent s
    WHERE s.kind = 'alert' AND d.alert_id = s.alert_id AND d.post_id = s.post_id
    RETURNING d.alert_id, d.post_id
)
SELECT audit_append('courier', 'courier', 'courier', 'alert_sent', 'deliver', NULL, alert_id,
                    jsonb_build_object('post', post_id))
FROM delivered
ORDER BY alert_id, post_id
