-- Whether every transaction that could have written under an older key has ended.
SELECT pg_snapshot_xmin(pg_current_snapshot()) > xid FROM kek_retired WHERE kek_id = $1::int - 1
