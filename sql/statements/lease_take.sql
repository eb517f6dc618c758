-- Takes the lease when it is free, the owner's backend is gone, or it was not renewed for 10 s; raises the fence.
WITH me AS (
    SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()
)
INSERT INTO engine_lease AS l (role, owner, backend_pid, backend_start, fence, renewed_at)
SELECT $1::text, $2::text, me.pid, me.backend_start, 1, clock_timestamp() FROM me
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
