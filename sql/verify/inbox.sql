-- Verify hulei:inbox on pg
SELECT alert_id, row FROM hulei.inbox_item WHERE false;
SELECT 'hulei.inbox_answer(text, text, text, text)'::regprocedure;
