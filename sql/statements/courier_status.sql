INSERT INTO role_status (role, pid, started_at, updated_at, detail)
VALUES ('courier', $1::int, clock_timestamp(), clock_timestamp(), $2::jsonb)
ON CONFLICT (role) DO UPDATE
SET started_at = CASE WHEN role_status.pid = excluded.pid THEN role_status.started_at ELSE excluded.started_at END,
    pid = excluded.pid, updated_at = excluded.updated_at, detail = excluded.detail
