-- Verify hulei:alert_doors on pg
SELECT 'hulei.alert_list(bigint, text, text)'::regprocedure, 'hulei.alert_cancel_by(bigint, text, text)'::regprocedure,
       'hulei.silence_put(bigint, text, text, text, text, text, int)'::regprocedure;
