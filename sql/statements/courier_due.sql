-- The oldest unsent row of each key, once it is due. No watermark: a row that commits late is still found. A locked
-- row (an undo at work) is left for the next look, and with it its key.
-- $1 rows in flight, $2 topics that rest, $3 how many, $4 and $5 seconds to acknowledge by tier (police, others; 0: no
-- deadline), $6 seconds to act by tier.
WITH oldest AS MATERIALIZED (
    SELECT DISTINCT ON (topic, key) outbox_id
    FROM outbox
    WHERE state = 'queued' AND topic <> ALL ($2::text[])
    ORDER BY topic, key, outbox_id
), due AS MATERIALIZED (
    SELECT outbox_id FROM oldest WHERE outbox_id <> ALL ($1::bigint[]) ORDER BY outbox_id
)
SELECT o.outbox_id::text, o.kind, o.topic, o.key, o.payload, o.headers::text, o.attempts::text, o.seq::text,
       a.alert_id, d.post_id, d.series_id, a.msg, a.tier::text, a.rule, a.policy_version, to_json(a.reasons)::text,
       to_json(a.refs)::text, a.evidence::text, t.view, t.lead_post, p.child_person::text, p.risk_person::text,
       s.opened_quarter::text, s.child_pseudonym, s.risk_pseudonym,
       'u-' || n.account_id, n.reason_code,
       to_char(n.decided_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'),
       to_char(a.created_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'),
       to_char((clock_timestamp() + make_interval(secs => nullif(
           CASE WHEN t.view = 'police' THEN ($4::int[])[a.tier] ELSE ($5::int[])[a.tier] END, 0)))
           AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'),
       to_char((clock_timestamp() + make_interval(secs => nullif(($6::int[])[a.tier], 0)))
           AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'),
       to_char((a.created_at + make_interval(days => (ARRAY[30, 90, 180, 180])[a.tier]))
           AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"00:00:00"+08:00"'),
       to_char((a.created_at + interval '1 year') AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"00:00:00"+08:00"')
FROM due
JOIN outbox o ON o.outbox_id = due.outbox_id
LEFT JOIN alert a ON a.alert_id = o.alert_id
LEFT JOIN delivery d ON d.alert_id = o.alert_id AND d.post_id = o.post_id
LEFT JOIN post t ON t.post_id = o.post_id
LEFT JOIN pair p ON p.pair_id = a.pair_id
LEFT JOIN alert_series s ON s.series_id = o.series_id
LEFT JOIN decision n ON n.decision_id = a.decision_id
WHERE o.state = 'queued' AND o.not_before <= clock_timestamp()
ORDER BY due.outbox_id
LIMIT $3::int
FOR UPDATE OF o SKIP LOCKED
