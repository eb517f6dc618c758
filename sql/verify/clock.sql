SELECT hulei.clock(), hulei.clock_day();
SELECT has_function_privilege('hulei_courier', 'hulei.clock()', 'execute');
