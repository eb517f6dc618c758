SET ROLE hulei_owner;
SET search_path = hulei;
DROP FUNCTION subject_seen, subject_report, withdrawals_release, withdrawals_left, erasure_replay, erasure_requests_apply, erase_cancel, erase_release, erase_ask, erasure_request_put,
    subject_records, operator_of;
DROP TABLE withdrawal_release, erasure_item, erasure_request;
DELETE FROM setting WHERE name IN ('erase_undo_s', 'erase_alone_records', 'withdraw_floor', 'withdraw_percent');
