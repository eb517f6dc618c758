-- The lanes of the audit chain, where each stands, and after which entry it begins.
SELECT l.lane, l.head_seq, l.head_hash, coalesce(c.seq, 0), c.hash
FROM audit_lane l LEFT JOIN audit_checkpoint c USING (lane)
ORDER BY l.lane
