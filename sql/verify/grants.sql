SELECT 1 / has_table_privilege('hulei_engine', 'hulei.record', 'INSERT')::int;
SELECT 1 / (NOT has_table_privilege('hulei_courier', 'hulei.record', 'SELECT'))::int;
