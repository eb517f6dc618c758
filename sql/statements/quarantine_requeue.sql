-- The engine reads the message again when it applies the command.
WITH chosen AS (
    UPDATE parked SET state = 'requeued' WHERE parked_id = $1::bigint AND state = 'parked' RETURNING parked_id
), ordered AS (
    INSERT INTO command (kind, payload, created_at, created_by)
    SELECT 'requeue', jsonb_build_object('parked_id', parked_id), clock_timestamp(), $2::text FROM chosen
)
SELECT parked_id, pg_notify('hulei_command', 'requeue') FROM chosen
