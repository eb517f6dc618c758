SET ROLE hulei_owner;
SET search_path = hulei;
DROP FUNCTION audit_verify, audit_append, audit_canonical;
DROP TABLE audit_checkpoint, audit_entry, audit_lane;
DROP FUNCTION audit_refuse_change, audit_refuse_delete;
