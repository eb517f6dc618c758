-- Verify hulei:look on pg
SELECT fingerprint, post_id FROM hulei.post_certificate WHERE false;
SELECT 1 / (count(*) = 12)::int FROM hulei.unmask_right;
