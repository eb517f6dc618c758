-- Revert hulei:look from pg
SET search_path = hulei;
DROP FUNCTION look_is_over_quota, look_watch, look_write, look_used, look_mine, look_department, look_is_own, look_ground, look_person_of,
    unmask_find, unmask, look_find, look_request_json, look, look_is_mine_to_judge, look_list, look_decide, look_records;
DROP TABLE post_certificate, unmask_right, person_look, canary_record, look_request;
DELETE FROM setting WHERE name = 'looks_a_day';
