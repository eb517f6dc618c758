-- The edges of the human answers that these commands bring, in the order in which people gave them.
SELECT d.mention_a, d.mention_b, d.verdict
FROM unnest($1::int8[]) AS n (command_id)
JOIN command c ON c.command_id = n.command_id AND c.kind = 'identity_decided'
JOIN identity_decision d ON d.review_id = (c.payload->>'review_id')::bigint
                         OR d.objection_id = (c.payload->>'objection_id')::bigint
ORDER BY d.decision_id
