-- Human decisions on identity.
SELECT mention_a, mention_b, verdict FROM identity_decision ORDER BY decision_id
