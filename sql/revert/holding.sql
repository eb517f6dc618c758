-- Revert hulei:holding from pg
SET ROLE hulei_owner;
SET search_path = hulei;
DROP FUNCTION outbox_release, outbox_hold, alert_muted_until, alert_is_inhibited, alert_silenced_until, alert_group_join,
    budget_used, group_closes;
DROP INDEX outbox_muted;
DROP TABLE inhibition, silence, post_budget, alert_group, group_window;
