-- Verify hulei:answers on pg
SELECT 'hulei.answer_take(text, text, text, text, text)'::regprocedure, 'hulei.review_task_open_delivery'::regclass;
