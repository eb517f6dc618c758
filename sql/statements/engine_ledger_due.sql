-- What was forgotten and stands in no file yet.
SELECT erasure_id, to_char(done_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), reason, encode(tombstone, 'hex')
FROM erasure
WHERE done_at IS NOT NULL AND ledgered_at IS NULL
ORDER BY erasure_id
LIMIT 500
