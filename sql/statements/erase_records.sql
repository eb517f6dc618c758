-- A page of records by their identity, for comparison with the ledger's hashes and times.
SELECT r.record_id, s.urn, r.type, r.subject, r.updated_at
FROM record r JOIN source s USING (source_id)
WHERE r.record_id > $1::bigint
ORDER BY r.record_id
LIMIT 5000
