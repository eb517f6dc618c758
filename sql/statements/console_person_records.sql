-- The live records that make a person of a pair under review, the newest first; the function writes its audit entry.
SELECT record_id, slot, department, type, role, as_of, body, data_key_id, kek_id, wrapped, grade
FROM review_records($1::bigint)
