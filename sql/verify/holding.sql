-- Verify hulei:holding on pg
SELECT 'hulei.outbox_hold(bigint[])'::regprocedure, 'hulei.outbox_release()'::regprocedure, 'hulei.silence'::regclass;
SELECT 1 / count(*) FROM hulei.group_window;
SELECT 1 / count(*) FROM hulei.post_budget;
