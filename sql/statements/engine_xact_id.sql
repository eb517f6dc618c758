-- The id of this transaction, asked before COMMIT so that an unknown outcome can be looked up.
SELECT pg_current_xact_id()::text
