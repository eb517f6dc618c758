-- Deliveries by post: what waits there, and for how long; counts only.
SELECT p.post_id, p.view, p.active, count(d.*) FILTER (WHERE d.state = 'queued'),
       count(d.*) FILTER (WHERE d.state = 'sent'),
       count(d.*) FILTER (WHERE d.state IN ('acked', 'acting', 'closed', 'cannot')),
       count(d.*) FILTER (WHERE d.escalated_at IS NOT NULL),
       round(extract(epoch FROM (SELECT clock()) - min(coalesce(d.sent_at, d.queued_at))
                                                    FILTER (WHERE d.state IN ('queued', 'sent'))))::bigint,
       count(d.*) FILTER (WHERE d.state = 'gave_up'), count(d.*) FILTER (WHERE d.sent_at IS NOT NULL)
FROM post p
LEFT JOIN delivery d ON d.post_id = p.post_id
GROUP BY p.post_id, p.view, p.active
ORDER BY p.post_id
