SELECT review_id, side, verdict FROM hulei.identity_review WHERE false;
SELECT review_id FROM hulei.identity_decision WHERE false;
SELECT 'hulei.identity_decide(bigint, bigint, text, text, text, bigint[], text)'::regprocedure;
SELECT 1 / has_function_privilege('hulei_console', 'hulei.review_sheet(bigint, bigint)', 'EXECUTE')::int;
