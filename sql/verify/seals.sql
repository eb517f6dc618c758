SELECT 'hulei.forget_records(bigint[], bytea[], text[])'::regprocedure;
SELECT erasure_id, record_id, tombstone, reason, done_at, ledgered_at FROM hulei.erasure WHERE false;
SELECT tombstone, basis, reason FROM hulei.erased_record WHERE false;
