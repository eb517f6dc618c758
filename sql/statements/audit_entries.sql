-- A page of one lane, after entry $2 and up to the head $3, each field as its hash covers it.
SELECT lane, seq::text, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), actor, role, action, purpose,
       encode(subject, 'hex'), alert_id, detail::text, seq, hash, epoch, mac
FROM audit_entry
WHERE lane = $1::text AND seq > $2::bigint AND seq <= $3::bigint
ORDER BY audit_entry.seq
LIMIT 5000
