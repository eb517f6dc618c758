-- Transactions that may hold a wrapped key they have read; $1: only those of this list, NULL: all of now.
SELECT coalesce(array_agg(DISTINCT virtualtransaction), '{}')::text, count(DISTINCT virtualtransaction)
FROM pg_locks
WHERE relation IN ('data_key'::regclass, 'credential'::regclass) AND pid <> pg_backend_pid()
  AND ($1::text[] IS NULL OR virtualtransaction = ANY ($1::text[]))
