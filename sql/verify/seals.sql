SELECT 'hulei.seal_record(bigint)'::regprocedure;
