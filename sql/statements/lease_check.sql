-- Locks and renews the lease inside the holder's transaction; no row: the lease is lost.
UPDATE engine_lease
SET renewed_at = clock_timestamp(),
    backend_pid = pg_backend_pid(),
    backend_start = (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid())
WHERE role = $1::text AND fence = $2::bigint
RETURNING fence
