-- Verify hulei:scope on pg
SELECT areas FROM hulei.review_task WHERE false;
SELECT areas FROM hulei.pair WHERE false;
SELECT 1 / (count(*) >= 12 AND bool_and(relforcerowsecurity))::int FROM pg_class WHERE relnamespace = 'hulei'::regnamespace AND relrowsecurity;
