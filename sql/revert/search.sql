-- Revert hulei:search from pg
SET search_path = hulei;
DROP FUNCTION canary_put, search_found, search_rows, search_about, search_alerts, search_tasks, search_ask;
DROP TABLE person_search;
DELETE FROM setting WHERE name = 'searches_a_day';
