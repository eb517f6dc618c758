-- Whether the courier's lease is still of this fence; the row is neither locked nor renewed.
SELECT 1 FROM engine_lease WHERE role = 'courier' AND fence = $1::bigint
