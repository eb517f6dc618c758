-- Verify hulei:digest on pg
SELECT 'hulei.digest_run()'::regprocedure, 'hulei.digest'::regclass;
