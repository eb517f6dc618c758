-- Revert hulei:notices from pg
SET ROLE hulei_owner;
SET search_path = hulei;
DROP INDEX outbox_webhook, outbox_notice_group;
DROP TRIGGER review_escalated ON review_escalation;
DROP TRIGGER review_task_raised ON review_task;
DROP TRIGGER review_task_opened ON review_task;
DROP FUNCTION webhook_failed, review_escalation_noticed, review_task_noticed, notice_reviewers, notices_put, notice_put,
    gateway_is_on, gateway_set;
DELETE FROM setting WHERE name = 'gateway';
