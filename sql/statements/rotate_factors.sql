-- The keys of second factors, wrapped beside the data keys.
SELECT account_id, factor_key FROM credential WHERE kek_of(factor_key) < $1::int ORDER BY account_id LIMIT 500
FOR NO KEY UPDATE SKIP LOCKED
