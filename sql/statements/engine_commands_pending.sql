-- The second, ordered input: what people decided since the last batch.
SELECT command_id FROM command WHERE applied_at IS NULL ORDER BY command_id LIMIT 500
