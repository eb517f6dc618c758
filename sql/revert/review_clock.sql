-- Revert hulei:review_clock from pg
SET ROLE hulei_owner;
SET search_path = hulei;

DROP FUNCTION review_due_run, review_advance, sign_hand_on, review_step_posts;
DROP TABLE review_escalation, review_step;
