-- What delivery reports confirmed; running it twice changes nothing more. An answer that was faster keeps its state.
-- Who was told what is audited alert by alert (DOMAIN.md C.5); all else, which names nobody, with one entry.
-- IS NOT DISTINCT FROM: the rows are found by their key, not through the index of queued rows (see courier_due.sql).
WITH report AS (
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[]) AS r (outbox_id, ack_by, act_by)
), sent AS (
    UPDATE outbox o
    SET state = 'sent', sent_at = (SELECT clock())
    FROM report r
    WHERE o.outbox_id = r.outbox_id AND o.state IS NOT DISTINCT FROM 'queued'
    RETURNING o.outbox_id, o.kind, o.alert_id, o.post_id, r.ack_by, r.act_by
), delivered AS (
    UPDATE delivery d
    SET state = CASE WHEN d.state = 'queued' THEN 'sent' ELSE d.state END,
        sent_at = coalesce(d.sent_at, (SELECT clock())),
        ack_by = coalesce(d.ack_by, s.ack_by::timestamptz),
        act_by = coalesce(d.act_by, s.act_by::timestamptz),
        next_at = CASE WHEN d.sent_at IS NULL THEN coalesce(s.ack_by::timestamptz, 'infinity') ELSE d.next_at END
    FROM sent s
    WHERE s.kind = 'alert' AND d.alert_id = s.alert_id AND d.post_id = s.post_id
    RETURNING d.alert_id, d.post_id
), others AS (
    SELECT jsonb_build_object('count', count(*), 'ids', encode(sha256(convert_to(
               string_agg(outbox_id::text, ',' ORDER BY outbox_id), 'UTF8')), 'hex')) AS detail
    FROM sent
    WHERE kind <> 'alert'
    HAVING count(*) > 0
), entry AS (
    SELECT 'alert_sent' AS action, alert_id, jsonb_build_object('post', post_id) AS detail, post_id FROM delivered
    UNION ALL
    SELECT 'messages_sent', NULL, detail, NULL FROM others
)
SELECT audit_append_all($4::text, 'courier', 'courier', 'deliver', array_agg(action ORDER BY alert_id, post_id),
                        array_agg(NULL::bytea), array_agg(alert_id ORDER BY alert_id, post_id),
                        array_agg(detail ORDER BY alert_id, post_id))
FROM entry
HAVING count(*) > 0
