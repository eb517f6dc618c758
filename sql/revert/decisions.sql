-- Revert hulei:decisions from pg
SET ROLE hulei_owner;
SET search_path = hulei;

DROP FUNCTION pair_resume, pair_dispute, pair_reopen, pair_decide, pair_command, decide_undo, decide_sign, alert_say_again, decide_wait,
    decide_reject, rejection_remember, decide_accept, sign_task_open, decision_task_guard, decision_account, undo_window;
DELETE FROM setting WHERE name = 'sign_within_minutes';
DROP TABLE rereview_term;
