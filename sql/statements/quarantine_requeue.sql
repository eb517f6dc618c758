-- The engine reads the message again when it applies the command, and counts what becomes of it: its refusal is taken
-- out of the totals here.
WITH chosen AS (
    UPDATE parked SET state = 'requeued' WHERE parked_id = $1::bigint AND state = 'parked'
    RETURNING parked_id, topic, coalesce(source_id, 0) AS source_id
), counted AS (
    UPDATE feed_counter f SET n = f.n - 1 FROM chosen q
    WHERE f.topic = q.topic AND f.source_id = q.source_id AND f.outcome = 'refused'
      AND f.day = (SELECT max(d.day) FROM feed_counter d
                   WHERE d.topic = q.topic AND d.source_id = q.source_id AND d.outcome = 'refused' AND d.n > 0)
), ordered AS (
    INSERT INTO command (kind, payload, created_at, created_by)
    SELECT 'requeue', jsonb_build_object('parked_id', parked_id), clock_timestamp(), $2::text FROM chosen
)
SELECT parked_id, pg_notify('hulei_command', 'requeue') FROM chosen
