-- Verify hulei:search on pg
SELECT search_id, at, actor, kind, purpose, xact FROM hulei.person_search WHERE false;
SELECT 'hulei.search_ask(text, text)'::regprocedure, 'hulei.search_rows(text, text, int4[])'::regprocedure,
       'hulei.search_found(bigint[], bytea[])'::regprocedure, 'hulei.canary_put(text, smallint, text)'::regprocedure;
