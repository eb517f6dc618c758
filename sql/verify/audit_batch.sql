-- Verify hulei:audit_batch on pg
SELECT 'hulei.audit_append_all(text, text, text, text, text[], bytea[], text[], jsonb[])'::regprocedure;
