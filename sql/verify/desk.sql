-- Verify hulei:desk on pg
SELECT task_id, row FROM hulei.desk_task WHERE false;
SELECT 'hulei.desk_decide(text, text, text, int)'::regprocedure;
