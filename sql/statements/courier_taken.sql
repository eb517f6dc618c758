-- Written before an alert leaves: from here on a withdrawal must send a cancel after it instead of removing it. What
-- leaves for the first time has its notice.
WITH taken AS (
    UPDATE outbox SET attempts = attempts + 1 WHERE outbox_id = ANY ($1::bigint[]) AND kind = 'alert'
    RETURNING outbox_id, attempts
)
SELECT notices_put(array_agg(outbox_id)) FROM taken WHERE attempts = 1
