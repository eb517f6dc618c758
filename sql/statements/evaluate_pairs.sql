-- The pairs that stand, under the persons that their mentions carry today.
SELECT coalesce(child.alias_of, p.child_person), coalesce(risk.alias_of, p.risk_person), p.tier, p.rule
FROM pair p JOIN person child ON child.person_id = p.child_person JOIN person risk ON risk.person_id = p.risk_person
WHERE p.state NOT IN ('retracted', 'expired')
