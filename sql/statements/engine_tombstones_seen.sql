-- Which of the batch's records are sealed, or were erased and come on the same basis; answers positions from 1 and why.
SELECT b.position::int, 'sealed'
FROM unnest($1::bytea[]) WITH ORDINALITY AS b (tombstone, position)
JOIN seal_tombstone t ON t.tombstone = b.tombstone
UNION ALL
SELECT b.position::int, e.reason
FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS b (tombstone, basis, position)
JOIN erased_record e ON e.tombstone = b.tombstone
WHERE coalesce(e.basis = b.basis, true)
