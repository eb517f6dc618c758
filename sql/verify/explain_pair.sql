-- Verify hulei:explain_pair on pg
SELECT has_function_privilege('hulei_engine', 'hulei.pair_explain(text, text)', 'execute');
