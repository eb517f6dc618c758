-- Pairs whose evidence was computed in this batch; pair_put() opens, updates or leaves them.
SELECT p.pair_id, p.version, p.state, p.changed
FROM unnest($1::int8[], $2::int8[], $3::int2[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::text[],
            $9::timestamptz[]) WITH ORDINALITY
     AS n (child, risk, tier, rule, reasons, evidence, evidence_hash, policy_version, completed_at, position)
CROSS JOIN LATERAL pair_put(n.child, n.risk, n.tier, n.rule, string_to_array(n.reasons, ','), n.evidence::jsonb,
                            n.evidence_hash, n.policy_version, n.completed_at) AS p
ORDER BY n.position
