-- Pairs that no longer hold.
SELECT e.version
FROM unnest($1::text[], $2::int8[], $3::int8[]) AS n (subject, subject_id, risk)
JOIN pair p ON p.subject = n.subject AND p.subject_id = n.subject_id AND p.risk_person = n.risk
CROSS JOIN LATERAL pair_event(p.pair_id, p.version, 'retract', 'engine', '{}'::jsonb) AS e
WHERE p.state NOT IN ('retracted', 'expired')
