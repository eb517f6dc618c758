-- What `hulei status` shows of this process.
INSERT INTO role_status (role, pid, started_at, updated_at, detail)
VALUES ($1::text, $2::int, now(), now(), $3::jsonb)
ON CONFLICT (role) DO UPDATE
SET pid = excluded.pid, updated_at = now(), detail = excluded.detail,
    started_at = CASE WHEN role_status.pid = excluded.pid THEN role_status.started_at ELSE now() END
