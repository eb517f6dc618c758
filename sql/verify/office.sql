-- Verify hulei:office on pg
SELECT public_id, state FROM hulei.account_grant WHERE false;
SELECT 'hulei.office_overview(int)'::regprocedure;
