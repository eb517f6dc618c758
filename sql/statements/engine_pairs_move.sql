-- Pairs whose records belong to another person now: the pair goes with them, before what is left of it is retracted.
SELECT pair_move(n.subject_id, n.risk, n.to_subject_id, n.to_risk, n.subject)
FROM unnest($1::text[], $2::int8[], $3::int8[], $4::int8[], $5::int8[]) WITH ORDINALITY
     AS n (subject, subject_id, risk, to_subject_id, to_risk, position)
ORDER BY n.position
