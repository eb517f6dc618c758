-- Pairs that stand, to be compared with what the index computes at start.
SELECT subject, subject_id, risk_person, rule FROM pair WHERE state NOT IN ('retracted', 'expired')
