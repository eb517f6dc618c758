-- committed, aborted, in progress; NULL when too old to tell.
SELECT pg_xact_status($1::text::xid8)
