-- Who is on duty for a notice now: the contact, sealed, and its key.
SELECT contact_row, data_key_id, wrapped, contact FROM duty_at($1::text, (SELECT clock())) WHERE duty = $2::text AND contact IS NOT NULL
