-- The exposures that stand, under the persons that their mentions carry today; a unit by the record that speaks for it.
SELECT coalesce(child.alias_of, p.child_person), coalesce(risk.alias_of, p.risk_person), p.tier, p.rule, p.subject,
       unit.subject
FROM pair p
JOIN person risk ON risk.person_id = p.risk_person
LEFT JOIN person child ON child.person_id = p.child_person
LEFT JOIN record unit ON p.subject = 'unit' AND unit.record_id = (p.evidence->>'unit_record')::bigint
WHERE p.state NOT IN ('retracted', 'expired')
