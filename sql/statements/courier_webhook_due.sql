-- Due rows for webhooks that are not in flight: of alerts the oldest unsent one of each series, of each receiver the
-- oldest ones, so that one that is slow or dead takes no other's room.
-- $1 rows in flight, $2 how many of a receiver at a time, $3 how many in all.
WITH candidate AS MATERIALIZED (
    SELECT o.outbox_id, o.topic, o.kind
    FROM outbox o
    WHERE o.state = 'queued' AND o.topic LIKE 'webhook:%'
      AND o.not_before <= (SELECT clock()) AND coalesce(o.retry_at, o.not_before) <= (SELECT clock())
      AND o.outbox_id NOT IN (SELECT unnest($1::bigint[]))
      AND (o.kind <> 'alert' OR NOT EXISTS (
              SELECT FROM outbox e
              WHERE e.series_id = o.series_id AND e.seq < o.seq AND e.state IS NOT DISTINCT FROM 'queued'
                AND (e.not_before <= (SELECT clock())
                     OR NOT EXISTS (SELECT FROM alert u WHERE u.alert_id = o.alert_id AND e.alert_id = ANY (u.refs)))))
), flying AS MATERIALIZED (
    SELECT topic, count(*) AS n FROM outbox WHERE outbox_id = ANY ($1::bigint[]) GROUP BY topic
), due AS MATERIALIZED (
    SELECT outbox_id
    FROM (SELECT c.outbox_id, $2::int - coalesce(f.n, 0) AS room,
                 row_number() OVER (PARTITION BY c.topic ORDER BY c.outbox_id) AS place
          FROM candidate c LEFT JOIN flying f USING (topic)) AS ranked
    WHERE place <= room
    ORDER BY outbox_id
    LIMIT $3::int
)
SELECT outbox_id FROM outbox
WHERE outbox_id = ANY (ARRAY(SELECT outbox_id FROM due)) AND state IS NOT DISTINCT FROM 'queued'
FOR UPDATE SKIP LOCKED
