-- Verify hulei:answers on pg
SELECT 'hulei.answer_take(text, text, text, text, text)'::regprocedure, 'hulei.review_task_open_delivery'::regclass;
SELECT 1 / count(*) FROM hulei.pair_transition WHERE event = 'reopen';
