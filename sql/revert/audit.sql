SET ROLE hulei_owner;
SET search_path = hulei;
DROP FUNCTION audit_verify, audit_append, audit_canonical, audit_mac, audit_key_now, audit_key_begin, audit_pad;
DROP TABLE audit_root, audit_key, audit_checkpoint, audit_entry, audit_lane;
DROP FUNCTION audit_refuse_change, audit_refuse_delete;
