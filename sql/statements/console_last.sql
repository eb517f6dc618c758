-- What happened last to the pair of a task, and who did it.
SELECT l.actor, l.event, to_char(l.at AT TIME ZONE 'Asia/Shanghai', 'HH24:MI:SS'), l.version, l.to_state
FROM review_task t
JOIN pair p ON p.pair_id = t.pair_id
JOIN pair_log l ON l.pair_id = p.pair_id AND l.version = p.version
WHERE t.public_id = $1::text
