-- Revert hulei:desk from pg
SET search_path = hulei;
DROP FUNCTION desk_list, desk_counts, desk_alike, desk_history, desk_records, desk_claim, desk_release, desk_authority,
    desk_reason_check, desk_event, desk_decide, desk_decide_all, desk_identity, desk_find, cursor_time, cursor_parts;
DROP VIEW desk_task;
