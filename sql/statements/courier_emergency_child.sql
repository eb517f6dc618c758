-- The child's record that an alarm names.
SELECT record_id, person_id, data_key_id, wrapped, body FROM emergency_child($1::text, $2::text)
