-- Takes the lease when it is free, the owner's backend is gone, or it was not renewed for 10 s; raises the fence.
-- Never waits for the row: a holder that is stopped within its transaction keeps it locked, and whoever waits for it
-- does not come back to end that backend.
WITH me AS (
    SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()
), unlocked AS (
    SELECT role FROM engine_lease WHERE role = $1::text FOR UPDATE SKIP LOCKED
)
INSERT INTO engine_lease AS l (role, owner, backend_pid, backend_start, fence, renewed_at)
SELECT $1::text, $2::text, me.pid, me.backend_start, 1, clock_timestamp() FROM me
WHERE EXISTS (SELECT FROM unlocked) OR NOT EXISTS (SELECT FROM engine_lease e WHERE e.role = $1::text)
ON CONFLICT (role) DO UPDATE
SET owner = excluded.owner,
    backend_pid = excluded.backend_pid,
    backend_start = excluded.backend_start,
    fence = l.fence + 1,
    renewed_at = excluded.renewed_at
WHERE l.owner IS NULL
   OR l.owner = excluded.owner
   OR l.renewed_at < clock_timestamp() - interval '10 s'
   OR NOT EXISTS (
        SELECT FROM pg_stat_activity a WHERE a.pid = l.backend_pid AND a.backend_start = l.backend_start)
RETURNING l.fence
