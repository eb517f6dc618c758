-- Open review tasks, the most urgent first: nothing personal. `identity`: whose is to be decided first.
SELECT t.public_id, t.kind, coalesce(t.tier, 0), p.public_id, p.version, p.rule, p.state,
       to_char(t.due_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI'),
       to_char(t.opened_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI'),
       coalesce(t.due_at < (SELECT clock()), false),
       CASE WHEN t.kind = 'identity' THEN 'one_or_two'
            ELSE concat_ws('+', CASE WHEN p.evidence->>'child_grade' = 'probable' THEN 'child' END,
                                CASE WHEN p.evidence->>'risk_grade' = 'probable' THEN 'risk' END) END
FROM review_task t
LEFT JOIN pair p ON p.pair_id = t.pair_id
WHERE t.state = 'open'
ORDER BY t.tier NULLS LAST, t.due_at NULLS LAST, t.task_id
LIMIT 500
