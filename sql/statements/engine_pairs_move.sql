-- Pairs whose records belong to another person now: the pair goes with them, before what is left of it is retracted.
SELECT pair_move(n.child, n.risk, n.to_child, n.to_risk)
FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[]) WITH ORDINALITY AS n (child, risk, to_child, to_risk, position)
ORDER BY n.position
