-- One parked message.
SELECT q.parked_id, q.state, q.topic, q.part, q.off, s.urn, q.code, q.field, q.rule, q.stage, q.attempts,
       to_char(q.first_seen AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS'), q.event_id, q.data_key_id
FROM parked q
LEFT JOIN source s ON s.source_id = q.source_id
WHERE q.parked_id = $1::bigint
