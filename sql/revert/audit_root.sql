-- Revert hulei:audit_root from pg
DROP FUNCTION hulei.audit_root_draft, hulei.audit_root_put, hulei.audit_root_unfiled, hulei.audit_root_filed, hulei.audit_key_hand_over;
DELETE FROM hulei.setting WHERE name = 'audit_root_s';
