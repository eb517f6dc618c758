-- Open tasks about persons' addresses, as the index computes them.
SELECT (detail->>'person')::int8 AS person, detail->>'fault'
FROM review_task
WHERE kind = 'data_fault' AND state = 'open' AND detail ? 'person'
ORDER BY person
