-- A page of the entries between two days, after entry ($3, $4): one line of JSON each, in the chain's order.
SELECT e.lane, e.seq::text, jsonb_build_object('lane', e.lane, 'seq', e.seq,
           'at', to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'actor', e.actor, 'role', e.role,
           'action', e.action, 'purpose', e.purpose, 'subject', encode(e.subject, 'hex'), 'alert', e.alert_id,
           'detail', e.detail, 'hash', encode(e.hash, 'hex'), 'epoch', e.epoch, 'mac', encode(e.mac, 'hex'))::text
FROM audit_entry e
WHERE (e.lane, e.seq) > ($3::text, $4::bigint)
  AND e.at >= $1::date::timestamp AT TIME ZONE 'Asia/Shanghai' AND e.at < ($2::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
ORDER BY e.lane, e.seq
LIMIT 1000
