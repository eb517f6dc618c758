-- What is to be sent of the rows $1, as far as they are there. Deadlines and leads are worked out once for all alike.
WITH told AS MATERIALIZED (
    SELECT DISTINCT a.sla, t.post_id, t.view
    FROM outbox o JOIN alert a ON a.alert_id = o.alert_id JOIN post t ON t.post_id = o.post_id
    WHERE o.outbox_id = ANY ($1::bigint[])
), deadline AS MATERIALIZED (
    SELECT sla, view, alert_ack_by(sla, view, (SELECT clock())) AS ack_by,
           alert_act_by(sla, (SELECT clock())) AS act_by
    FROM (SELECT DISTINCT sla, view FROM told) AS alike
), chain AS MATERIALIZED (
    SELECT post_id, to_json(post_leads(post_id))::text AS leads FROM (SELECT DISTINCT post_id FROM told) AS alike
)
SELECT o.outbox_id::text, o.kind, o.topic, o.key, o.payload, o.headers::text, o.repeat::text, o.seq::text,
       a.alert_id, d.post_id, d.series_id, a.msg, a.tier::text, a.rule, a.policy_version, to_json(a.reasons)::text,
       to_json(a.refs)::text, a.evidence::text, t.view, c.leads, coalesce(p.child_person, em.child_person)::text, p.risk_person::text,
       s.opened_quarter::text, s.child_pseudonym, s.risk_pseudonym,
       'u-' || n.account_id, n.reason_code,
       to_char(n.decided_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'),
       to_char(a.created_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'),
       to_char(coalesce(d.ack_by, e.ack_by)
           AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'),
       to_char(CASE WHEN a.msg IN ('alert', 'update') THEN coalesce(d.act_by, e.act_by) END
           AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'),
       to_char((a.created_at + make_interval(days => (ARRAY[30, 90, 180, 180])[a.tier]))
           AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"00:00:00"+08:00"'),
       to_char((a.created_at + interval '1 year') AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"00:00:00"+08:00"'),
       a.provisional::text, a.is_emergency::text, em.data_key_id::text, em.wrapped, em.body, a.status, o.group_id, k.data_key_id::text, k.wrapped
FROM outbox o
LEFT JOIN alert a ON a.alert_id = o.alert_id
LEFT JOIN delivery d ON d.alert_id = o.alert_id AND d.post_id = o.post_id
LEFT JOIN post t ON t.post_id = o.post_id
LEFT JOIN pair p ON p.pair_id = a.pair_id
LEFT JOIN alert_series s ON s.series_id = o.series_id
LEFT JOIN decision n ON n.decision_id = a.decision_id
LEFT JOIN deadline e ON e.sla = a.sla AND e.view = t.view
LEFT JOIN chain c ON c.post_id = o.post_id
LEFT JOIN LATERAL emergency_sealed(a.emergency_id) em ON a.is_emergency
LEFT JOIN LATERAL outbox_sealed(o.outbox_id) k ON o.kind = 'feed'
WHERE o.outbox_id = ANY ($1::bigint[])
ORDER BY o.outbox_id
