-- Some of the data keys that an older key wraps; each is held until its new form is written.
SELECT data_key_id, wrapped FROM data_key WHERE kek_id < $1::int ORDER BY kek_id, data_key_id LIMIT 500
FOR NO KEY UPDATE SKIP LOCKED
