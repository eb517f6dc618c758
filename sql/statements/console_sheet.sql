-- Both persons of an open task, the newest records first; the function checks the account and writes the audit entries.
SELECT side, record_id, slot, department, type, role, as_of, card, data_key_id, wrapped, grade, mention_id, features, seen
FROM review_sheet($1::bigint, $2::bigint)
