SELECT s.urn, r.type, r.subject, r.state FROM canary_record c JOIN record r USING (record_id) JOIN source s USING (source_id)
ORDER BY s.urn, r.type, r.subject
