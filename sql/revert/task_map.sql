-- Revert hulei:task_map from pg
DROP FUNCTION hulei.desk_places, hulei.desk_library, hulei.desk_views;
