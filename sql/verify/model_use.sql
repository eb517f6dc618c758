-- Verify hulei:model_use on pg
SELECT fingerprint, dated, approved_by FROM hulei.model_use WHERE false;
SELECT 'hulei.identity_keep(bigint[], bigint[])'::regprocedure;
SELECT 1 / (NOT has_table_privilege('hulei_engine', 'hulei.identity_decision', 'INSERT'))::int;
