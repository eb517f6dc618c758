-- Requests, the newest first, with what of them is done and how many posts have not yet said that they deleted.
SELECT q.public_id, q.state, q.reason, q.reason_code, q.records,
       (SELECT count(*) FROM erasure e WHERE e.request_id = q.request_id AND e.done_at IS NOT NULL),
       (SELECT count(*) FROM erasure e WHERE e.request_id = q.request_id AND e.ledgered_at IS NOT NULL),
       to_char(q.asked_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI'),
       coalesce(to_char(q.apply_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI'), '-')
FROM erasure_request q
ORDER BY q.request_id DESC
LIMIT 200
