-- Which of the batch's records are sealed; answers positions in the array, from 1.
SELECT b.position::int
FROM unnest($1::bytea[]) WITH ORDINALITY AS b (tombstone, position)
JOIN seal_tombstone t ON t.tombstone = b.tombstone
