-- Verify hulei:review_clock on pg
SELECT has_function_privilege('hulei_courier', 'hulei.review_due_run(int)', 'execute');
SELECT 1 / (count(*) >= 8)::int FROM hulei.review_step;
SELECT task_id, step, target, posts, at FROM hulei.review_escalation WHERE false;
