-- Revert hulei:answers from pg
SET ROLE hulei_owner;
SET search_path = hulei;

DROP FUNCTION false_links, share_upper_95, answer_take, pair_is_done, outcome_tell, alert_hand_on, alert_ask_human;
DELETE FROM review_task WHERE kind = 'delivery';
DROP INDEX review_task_open_delivery;
ALTER TABLE review_task DROP CONSTRAINT review_task_kind_check;
ALTER TABLE review_task ADD CONSTRAINT review_task_kind_check CHECK (kind IN ('pair', 'identity', 'ask_owner', 'sign'));
COMMENT ON COLUMN review_task.kind IS NULL;
COMMENT ON COLUMN escalation.step IS NULL;
