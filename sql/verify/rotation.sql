-- Verify hulei:rotation on pg
SELECT kek_id, at, xid FROM hulei.kek_retired WHERE false;
SELECT 'hulei.kek_of(bytea)'::regprocedure;
