-- The second, ordered input: what people decided since the last batch. 0: no community is opened.
SELECT command_id, CASE WHEN kind = 'open_counted' THEN (payload->>'area')::int8 ELSE 0 END
FROM command WHERE applied_at IS NULL ORDER BY command_id LIMIT 500
