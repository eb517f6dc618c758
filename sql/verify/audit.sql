SELECT 1 FROM hulei.audit_lane WHERE false;
SELECT epoch, mac FROM hulei.audit_entry WHERE false;
SELECT key, inner_pad, outer_pad FROM hulei.audit_key WHERE false;
SELECT number, statement FROM hulei.audit_root WHERE false;
