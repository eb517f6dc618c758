-- Verify hulei:task_map on pg
SELECT 'hulei.desk_places(text)'::regprocedure, 'hulei.desk_library(bigint, bigint)'::regprocedure, 'hulei.desk_views(text)'::regprocedure;
