-- Person blocks that are gone.
DELETE FROM mention WHERE mention_id = ANY ($1::int8[])
