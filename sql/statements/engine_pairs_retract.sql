-- Pairs that no longer hold: for want of a record whose time was over, or because something changed.
SELECT e.version
FROM unnest($1::text[], $2::int8[], $3::int8[]) AS n (subject, subject_id, risk)
JOIN pair p ON p.subject = n.subject AND p.subject_id = n.subject_id AND p.risk_person = n.risk
CROSS JOIN LATERAL pair_event(p.pair_id, p.version, pair_end(p.child_person, p.risk_person), 'engine', '{}'::jsonb) AS e
WHERE p.state NOT IN ('retracted', 'expired')
