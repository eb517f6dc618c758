UPDATE command SET applied_at = now() WHERE command_id = ANY ($1::int8[]) AND applied_at IS NULL
