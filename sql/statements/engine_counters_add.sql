-- Control totals by topic, source, day and outcome.
INSERT INTO feed_counter AS c (topic, source_id, day, outcome, n)
SELECT n.topic, n.source_id, (now() AT TIME ZONE 'Asia/Shanghai')::date, n.outcome, n.n
FROM unnest($1::text[], $2::int2[], $3::text[], $4::int8[]) AS n (topic, source_id, outcome, n)
ON CONFLICT (topic, source_id, day, outcome) DO UPDATE SET n = c.n + excluded.n, last_at = clock()
