SELECT area_code, rule, pairs, counted_on FROM hulei.exposure_count WHERE false;
SELECT 'hulei.counted_open(text, bigint)'::regprocedure;
SELECT 'hulei.data_fault_put(text, text, bigint, smallint)'::regprocedure;
