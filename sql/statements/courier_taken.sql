-- Written before an alert leaves: from here on a withdrawal must send a cancel after it instead of removing it.
UPDATE outbox SET attempts = attempts + 1 WHERE outbox_id = ANY ($1::bigint[]) AND kind = 'alert'
