-- Sealed values of the person whom this transaction's look is about; nobody's otherwise.
SELECT slot, department, type, role, as_of, body, data_key_id, wrapped, record_id, rule FROM look_records()
