-- The model that clustered the persons.
SELECT fingerprint FROM model_use ORDER BY model_use_id DESC LIMIT 1
