-- Revert hulei:escalation from pg
SET ROLE hulei_owner;
SET search_path = hulei;

DROP FUNCTION escalate_due, delivery_advance, delivery_press, alert_step_up, alert_remind, delivery_owes,
    delivery_is_waiting, delivery_stands, delivery_plan,
    delivery_begin, delivery_next_step, post_leads, alert_act_by, alert_ack_by, deadline_at;
DROP INDEX delivery_next;
CREATE INDEX delivery_unacknowledged ON delivery (ack_by) WHERE state = 'sent' AND escalated_at IS NULL;
ALTER TABLE outbox DROP COLUMN repeat;
ALTER TABLE delivery DROP COLUMN step, DROP COLUMN overdue, DROP COLUMN repeats, DROP COLUMN repeated_at, DROP COLUMN next_at;
DROP TABLE escalation_step, delivery_deadline;
