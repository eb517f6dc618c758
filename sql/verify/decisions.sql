-- Verify hulei:decisions on pg
SELECT 'hulei.pair_decide(hulei.pair, text, text, jsonb)'::regprocedure;
SELECT 1 / (count(*) = 3)::int FROM hulei.rereview_term;
