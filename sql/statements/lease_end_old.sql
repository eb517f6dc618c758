-- Ends the holder's backend when it was not renewed for 10 s by the database clock: a stopped process in an open
-- transaction keeps its row lock. Same role, pid and start are compared, so that a recycled pid is never hit.
SELECT pg_terminate_backend(a.pid)
FROM engine_lease l
JOIN pg_stat_activity a ON a.pid = l.backend_pid AND a.backend_start = l.backend_start
WHERE l.role = $1::text
  AND l.owner <> $2::text
  AND a.usename = current_user
  AND l.renewed_at < clock_timestamp() - interval '10 s'
