-- Verify hulei:audit_root on pg
SELECT 'hulei.audit_root_draft()'::regprocedure, 'hulei.audit_root_filed(bigint)'::regprocedure;
SELECT 1 / count(*) FROM hulei.setting WHERE name = 'audit_root_s';
