-- Revert hulei:emergency from pg
SET search_path = hulei;
DROP FUNCTION emergency_counts, notice_given, emergency_turn, emergency_answered, emergency_sealed, emergency_park,
    emergency_take, emergency_alert, emergency_count, emergency_source, emergency_child;
DELETE FROM review_task WHERE kind = 'notice';
DROP INDEX review_task_open_notice;
ALTER TABLE review_task DROP CONSTRAINT review_task_kind_check;
ALTER TABLE review_task ADD CONSTRAINT review_task_kind_check
    CHECK (kind IN ('pair', 'identity', 'ask_owner', 'sign', 'delivery'));
DELETE FROM rule_view WHERE rule IN ('E1', 'E2', 'E3');
DROP INDEX outbox_urgent, alert_emergency;
DELETE FROM alert WHERE emergency_id IS NOT NULL;
DELETE FROM alert_series WHERE emergency_id IS NOT NULL;
ALTER TABLE alert DROP CONSTRAINT alert_emergency_id_fkey;
ALTER TABLE alert_series DROP CONSTRAINT alert_series_emergency_id_fkey;
DROP TABLE sos_device, emergency_notice, emergency;
DROP SEQUENCE emergency_key;
DELETE FROM setting WHERE name IN ('emergency_keep_days', 'emergency_notice_hours', 'sos_silence_s');
