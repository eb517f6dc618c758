-- Revert hulei:alert_doors from pg
SET ROLE hulei_owner;
SET search_path = hulei;
DROP FUNCTION exercise_set, alert_notice, silence_end, silence_put, alert_cancel_by, alert_resend, alert_show, alert_list,
    alert_delivery_shown, alert_note;
DELETE FROM setting WHERE name = 'alert_status';
