-- The records to which these commands say that an objection came or went, and whether one is open now.
SELECT c.record_id, EXISTS (SELECT FROM objection o WHERE o.named_record = c.record_id AND o.state = 'open')
FROM (SELECT DISTINCT (payload->>'record_id')::int8 AS record_id
      FROM unnest($1::int8[]) AS n (command_id) JOIN command USING (command_id)
      WHERE kind = 'dispute_changed') AS c
