SELECT 1 / (count(*) > 20)::int FROM hulei.pair_transition;
SELECT 'hulei.pair_event(bigint, int, text, text, jsonb)'::regprocedure;
