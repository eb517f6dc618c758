-- Features of the address library, made anew.
UPDATE place p SET features = n.features
FROM unnest($1::int8[], $2::bytea[]) AS n (record_id, features)
WHERE p.record_id = n.record_id
