-- When the feeds last moved, the schema they moved in and the policy in force.
SELECT to_char(max(updated_at) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS'),
       round(extract(epoch FROM clock_timestamp() - max(updated_at)))::bigint,
       (SELECT max(version) FROM schema_version), (SELECT count(*) FROM ingest_gap),
       (SELECT version FROM policy_version WHERE state = 'active')
FROM ingest_offset
