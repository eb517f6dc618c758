-- From here on the persons are this model's.
INSERT INTO model_use (fingerprint, dated, approved_by)
SELECT n.fingerprint, n.dated, n.approved_by FROM unnest($1::bytea[], $2::text[], $3::text[]) AS n (fingerprint, dated, approved_by)
