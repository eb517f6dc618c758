SELECT request_id, public_id, state, records, apply_at FROM hulei.erasure_request WHERE false;
SELECT 'hulei.erase_ask(text, bigint, text, smallint, text, text)'::regprocedure, 'hulei.withdrawals_left(smallint)'::regprocedure;
