-- Records that are to be forgotten now.
SELECT e.record_id, r.source_id, r.type, r.subject, s.urn, e.reason
FROM erasure e
JOIN record r ON r.record_id = e.record_id
JOIN source s ON s.source_id = r.source_id
WHERE e.done_at IS NULL
ORDER BY e.erasure_id
LIMIT 200
