SET ROLE hulei_owner;
SET search_path = hulei;
DROP FUNCTION pair_put, rejection_is_remembered, pair_event, pair_step, pair_event_guard, pair_outcome, pair_audit, review_task_close, review_task_open, alert_withdraw, alert_standing,
    alert_issue, review_due;
DROP TABLE pair_transition;
