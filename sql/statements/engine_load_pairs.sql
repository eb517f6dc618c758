-- Pairs that stand, to be compared with what the index computes at start.
SELECT child_person, risk_person FROM pair WHERE state NOT IN ('retracted', 'expired')
