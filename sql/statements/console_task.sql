-- One review task with its pair; locks nothing, the functions that decide do.
SELECT t.task_id, t.public_id, t.kind, t.state, coalesce(t.tier, 0), p.pair_id, p.public_id, p.version, p.state, p.rule,
       to_json(p.reasons)::text, p.evidence::text, p.policy_version,
       to_char(t.due_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI'),
       CASE WHEN t.kind = 'identity' THEN 'one_or_two'
            ELSE concat_ws('+', CASE WHEN p.evidence->>'child_grade' = 'probable' THEN 'child' END,
                                CASE WHEN p.evidence->>'risk_grade' = 'probable' THEN 'risk' END) END
FROM review_task t
LEFT JOIN pair p ON p.pair_id = t.pair_id
WHERE t.public_id = $1::text
