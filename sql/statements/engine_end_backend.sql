-- Ends the backend of a transaction whose COMMIT never answered.
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1::int AND usename = current_user
