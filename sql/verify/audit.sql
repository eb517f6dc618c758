SELECT 1 FROM hulei.audit_lane WHERE false;
SELECT 1 FROM hulei.audit_entry WHERE false;
