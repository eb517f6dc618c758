-- Parked messages, the newest first; nothing of their bodies. $1: state, or NULL for all.
SELECT q.parked_id, q.state, q.topic, q.part, q.off, s.urn, q.code, q.field, q.rule, q.stage, q.attempts,
       to_char(q.first_seen AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS')
FROM parked q
LEFT JOIN source s ON s.source_id = q.source_id
WHERE $1::text IS NULL OR q.state = $1::text
ORDER BY q.parked_id DESC
LIMIT $2::int
