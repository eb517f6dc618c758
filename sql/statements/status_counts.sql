-- Everything countable by state, with the age in seconds of the oldest that waits.
SELECT 'records' AS what, state, count(*), NULL::bigint AS oldest_s FROM record GROUP BY state
UNION ALL
SELECT 'persons', CASE WHEN alias_of IS NULL THEN grade ELSE 'alias' END, count(*), NULL FROM person GROUP BY 2
UNION ALL
SELECT 'pairs', state, count(*), NULL FROM pair GROUP BY state
UNION ALL
SELECT 'parked', state, count(*), round(extract(epoch FROM clock_timestamp() - min(first_seen)))::bigint
FROM parked GROUP BY state
UNION ALL
SELECT 'outbox ' || kind, state, count(*),
       CASE WHEN state = 'queued' THEN round(extract(epoch FROM clock_timestamp() - min(created_at)))::bigint END
FROM outbox GROUP BY kind, state
UNION ALL
SELECT 'tasks ' || kind, state, count(*),
       CASE WHEN state = 'open' THEN round(extract(epoch FROM clock_timestamp() - min(opened_at)))::bigint END
FROM review_task GROUP BY kind, state
UNION ALL
SELECT 'commands', 'waiting', count(*), round(extract(epoch FROM clock_timestamp() - min(created_at)))::bigint
FROM command WHERE applied_at IS NULL HAVING count(*) > 0
UNION ALL
SELECT 'erasures', state, count(*), round(extract(epoch FROM clock() - min(asked_at)))::bigint FROM erasure_request
WHERE state IN ('held', 'waiting') GROUP BY state
UNION ALL
SELECT 'expiry debt', 'past due', expiry_debt(), NULL
ORDER BY 1, 2
