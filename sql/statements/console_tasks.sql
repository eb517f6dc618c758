-- Open review tasks, the most urgent first: nothing personal. `identity`: whose is to be decided first; the clock: what
-- is left of the time, or how much it is late; the note: how far a late one has gone, or why it is asked again.
SELECT t.public_id, t.kind, coalesce(t.tier, 0), p.public_id, p.version, p.rule, p.state,
       to_char(t.due_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI'),
       to_char(t.opened_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI'),
       coalesce(t.due_at < (SELECT clock()), false),
       CASE WHEN t.kind = 'identity' THEN 'one_or_two'
            ELSE concat_ws('+', CASE WHEN p.evidence->>'child_grade' = 'probable' THEN 'child' END,
                                CASE WHEN p.evidence->>'risk_grade' = 'probable' THEN 'risk' END) END,
       coalesce(CASE WHEN t.due_at < (SELECT clock()) THEN '-' ELSE '' END
                || CASE WHEN abs(extract(epoch FROM t.due_at - (SELECT clock()))) >= 172800
                        THEN floor(abs(extract(epoch FROM t.due_at - (SELECT clock()))) / 86400) || ' d'
                        ELSE floor(abs(extract(epoch FROM t.due_at - (SELECT clock()))) / 3600) || ' h '
                             || floor(abs(extract(epoch FROM t.due_at - (SELECT clock())))::bigint % 3600 / 60) || ' min' END,
                ''),
       coalesce((SELECT 'told: ' || string_agg(DISTINCT e.target, ', ') FROM review_escalation e WHERE e.task_id = t.task_id),
                t.detail->>'reopened',
                'unsure: ' || (t.detail->>'unsure_by'))
FROM review_task t
LEFT JOIN pair p ON p.pair_id = t.pair_id
WHERE t.state = 'open'
ORDER BY t.tier NULLS LAST, t.due_at NULLS LAST, t.task_id
LIMIT 500
