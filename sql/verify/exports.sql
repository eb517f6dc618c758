-- Verify hulei:exports on pg
SELECT export_id, account_id, figures, at FROM hulei.export WHERE false;
SELECT 'hulei.office_export(text, int, text)'::regprocedure;
