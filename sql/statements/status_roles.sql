-- What each role last said of itself.
SELECT role, pid, to_char(started_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS'),
       round(extract(epoch FROM clock_timestamp() - updated_at))::bigint, detail::text
FROM role_status
ORDER BY role
