-- Pairs that no longer hold.
SELECT e.version
FROM unnest($1::int8[], $2::int8[]) AS n (child, risk)
JOIN pair p ON p.child_person = n.child AND p.risk_person = n.risk
CROSS JOIN LATERAL pair_event(p.pair_id, p.version, 'retract', 'engine', '{}'::jsonb) AS e
WHERE p.state NOT IN ('retracted', 'expired')
