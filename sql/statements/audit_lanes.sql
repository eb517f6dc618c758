-- The lanes of the audit chain and where each stands.
SELECT lane, head_seq, head_hash FROM audit_lane ORDER BY lane
