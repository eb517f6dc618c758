-- Verify hulei:row_security on pg
SELECT 1 / (relforcerowsecurity)::int FROM pg_class WHERE oid IN ('hulei.record'::regclass, 'hulei.watch_alarm'::regclass);
