-- Pairs whose evidence was computed in this batch; pair_put() opens, updates, counts or leaves them.
SELECT p.pair_id, p.version, p.state, p.changed
FROM unnest($1::text[], $2::int8[], $3::int8[], $4::int2[], $5::text[], $6::text[], $7::text[], $8::bytea[], $9::text[],
            $10::timestamptz[]) WITH ORDINALITY
     AS n (subject, subject_id, risk, tier, rule, reasons, evidence, evidence_hash, policy_version, completed_at, position)
CROSS JOIN LATERAL pair_put(n.subject_id, n.risk, n.tier, n.rule, string_to_array(n.reasons, ','), n.evidence::jsonb,
                            n.evidence_hash, n.policy_version, n.completed_at, n.subject) AS p
ORDER BY n.position
