-- Due unsent rows, oldest first: of alerts the oldest unsent one of each series, of the rest all that have room. No
-- watermark: a row that commits late is still found. Alerts are locked; one that is already (an undo at work) is left for
-- the next look, and with it its series. An update does not wait behind what it replaces and what is not due yet; nor
-- do rows for webhooks, which another statement takes.
-- IS NOT DISTINCT FROM keeps the planner from a partial index that it believes empty when statistics are old; the
-- index of (series_id, seq) is always right.
-- $1 rows in flight, $2 and $3 topics and how many more each may take, $4 how many for a topic not among them, $5 how
-- many in all.
WITH known AS MATERIALIZED (
    SELECT * FROM unnest($2::text[], $3::int[]) AS k (topic, room)
), candidate AS MATERIALIZED (
    SELECT o.outbox_id, o.topic, o.kind
    FROM outbox o
    WHERE o.state = 'queued'
      AND NOT o.is_urgent
      AND o.kind <> 'emergency'
      AND o.not_before <= (SELECT clock())
      AND o.topic NOT IN (SELECT k.topic FROM known k WHERE k.room = 0)
      AND o.outbox_id NOT IN (SELECT unnest($1::bigint[]))
      AND o.topic NOT LIKE 'webhook:%'
      AND (o.kind <> 'alert' OR NOT EXISTS (
              SELECT FROM outbox e
              WHERE e.series_id = o.series_id AND e.seq < o.seq AND e.state IS NOT DISTINCT FROM 'queued'
                AND (e.not_before <= (SELECT clock())
                     OR NOT EXISTS (SELECT FROM alert u WHERE u.alert_id = o.alert_id AND e.alert_id = ANY (u.refs)))))
    ORDER BY o.outbox_id
    LIMIT 2 * $5::int
), due AS MATERIALIZED (
    SELECT outbox_id, kind
    FROM (SELECT c.outbox_id, c.kind, coalesce(k.room, $4::int) AS room,
                 row_number() OVER (PARTITION BY c.topic ORDER BY c.outbox_id) AS place
          FROM candidate c LEFT JOIN known k USING (topic)) AS ranked
    WHERE place <= room
    ORDER BY outbox_id
    LIMIT $5::int
), locked AS (
    SELECT outbox_id FROM outbox
    WHERE outbox_id = ANY (ARRAY(SELECT outbox_id FROM due WHERE kind = 'alert'))
      AND state IS NOT DISTINCT FROM 'queued'
    FOR UPDATE SKIP LOCKED
)
SELECT outbox_id FROM locked
UNION ALL
SELECT outbox_id FROM due WHERE kind <> 'alert'
