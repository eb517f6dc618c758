-- What is to be sent of the rows $1, as far as they are there.
-- $2 and $3 seconds to acknowledge by tier (police, others; 0: no deadline), $4 seconds to act by tier.
SELECT o.outbox_id::text, o.kind, o.topic, o.key, o.payload, o.headers::text, o.attempts::text, o.seq::text,
       a.alert_id, d.post_id, d.series_id, a.msg, a.tier::text, a.rule, a.policy_version, to_json(a.reasons)::text,
       to_json(a.refs)::text, a.evidence::text, t.view, t.lead_post, p.child_person::text, p.risk_person::text,
       s.opened_quarter::text, s.child_pseudonym, s.risk_pseudonym,
       'u-' || n.account_id, n.reason_code,
       to_char(n.decided_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'),
       to_char(a.created_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'),
       to_char((clock_timestamp() + make_interval(secs => nullif(
           CASE WHEN t.view = 'police' THEN ($2::int[])[a.tier] ELSE ($3::int[])[a.tier] END, 0)))
           AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'),
       to_char((clock_timestamp() + make_interval(secs => nullif(($4::int[])[a.tier], 0)))
           AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'),
       to_char((a.created_at + make_interval(days => (ARRAY[30, 90, 180, 180])[a.tier]))
           AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"00:00:00"+08:00"'),
       to_char((a.created_at + interval '1 year') AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"00:00:00"+08:00"')
FROM outbox o
LEFT JOIN alert a ON a.alert_id = o.alert_id
LEFT JOIN delivery d ON d.alert_id = o.alert_id AND d.post_id = o.post_id
LEFT JOIN post t ON t.post_id = o.post_id
LEFT JOIN pair p ON p.pair_id = a.pair_id
LEFT JOIN alert_series s ON s.series_id = o.series_id
LEFT JOIN decision n ON n.decision_id = a.decision_id
WHERE o.outbox_id = ANY ($1::bigint[])
ORDER BY o.outbox_id
