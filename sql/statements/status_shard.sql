-- When the feeds last moved, and the schema they moved in.
SELECT to_char(max(updated_at) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS'),
       round(extract(epoch FROM clock_timestamp() - max(updated_at)))::bigint,
       (SELECT max(version) FROM schema_version), (SELECT count(*) FROM ingest_gap)
FROM ingest_offset
