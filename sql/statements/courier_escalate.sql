-- Deliveries nobody acknowledged in time go once to the post's lead: by the database clock, from rows, so that a
-- restart changes nothing. A delivery that could not even be sent counts from the moment it was due.
-- $1, $2 seconds to acknowledge by tier (police, others), for deliveries still unsent.
WITH overdue AS (
    SELECT d.alert_id, d.post_id, l.post_id AS lead_post, l.topic AS lead_topic, a.pair_id
    FROM delivery d
    JOIN alert a ON a.alert_id = d.alert_id AND a.msg IN ('alert', 'update')
    JOIN pair r ON r.pair_id = a.pair_id AND r.state = 'accepted'
    JOIN post t ON t.post_id = d.post_id
    JOIN post l ON l.post_id = t.lead_post AND l.active
    WHERE d.escalated_at IS NULL
      AND (d.state = 'sent' AND d.ack_by < clock_timestamp()
           OR d.state = 'queued' AND EXISTS (
               SELECT FROM outbox o
               WHERE o.alert_id = d.alert_id AND o.post_id = d.post_id AND o.state = 'queued'
                 AND o.not_before + make_interval(secs => nullif(
                     CASE WHEN t.view = 'police' THEN ($1::int[])[a.tier] ELSE ($2::int[])[a.tier] END, 0))
                     < clock_timestamp()))
    ORDER BY d.alert_id, d.post_id
    LIMIT 100
    FOR UPDATE OF d SKIP LOCKED
), step AS (
    INSERT INTO escalation (alert_id, post_id, step, to_post, at)
    SELECT alert_id, post_id, 1, lead_post, clock_timestamp() FROM overdue
    ON CONFLICT (alert_id, post_id, step) DO NOTHING
    RETURNING alert_id, post_id
), series AS (
    INSERT INTO alert_series (series_id, pair_id, post_id, opened_quarter)
    SELECT 'sr-' || replace(gen_random_uuid()::text, '-', ''), pair_id, lead_post, to_char(clock_timestamp() AT TIME ZONE 'Asia/Shanghai', 'YYYY"Q"Q')
    FROM (SELECT DISTINCT o.pair_id, o.lead_post FROM overdue o JOIN step USING (alert_id, post_id)) AS new
    ON CONFLICT (pair_id, post_id) DO UPDATE SET post_id = excluded.post_id
    RETURNING series_id, pair_id, post_id
), handed AS (
    INSERT INTO delivery (alert_id, post_id, series_id, state, queued_at)
    SELECT DISTINCT o.alert_id, o.lead_post, s.series_id, 'queued', clock_timestamp()
    FROM overdue o
    JOIN step USING (alert_id, post_id)
    JOIN series s ON s.pair_id = o.pair_id AND s.post_id = o.lead_post
    ON CONFLICT (alert_id, post_id) DO NOTHING
    RETURNING alert_id, post_id, series_id
), queued AS (
    INSERT INTO outbox (kind, topic, key, state, not_before, created_at, alert_id, post_id, series_id, seq)
    SELECT 'alert', t.topic, h.series_id, 'queued', clock_timestamp(), clock_timestamp(), h.alert_id, h.post_id,
           h.series_id, 1 + coalesce((SELECT max(seq) FROM outbox x WHERE x.series_id = h.series_id), 0)
    FROM handed h
    JOIN post t ON t.post_id = h.post_id
), flagged AS (
    UPDATE delivery d SET escalated_at = clock_timestamp() FROM step s
    WHERE d.alert_id = s.alert_id AND d.post_id = s.post_id
)
SELECT audit_append('courier', 'courier', 'courier', 'alert_escalated', 'deliver', NULL, s.alert_id,
                    jsonb_build_object('post', s.post_id, 'to', o.lead_post, 'step', 1))
FROM step s
JOIN overdue o USING (alert_id, post_id)
ORDER BY s.alert_id, s.post_id
