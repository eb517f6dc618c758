-- A first password; no row: no such account.
SELECT r FROM credential_reset($1::text, $2::bytea, $3::int, $4::bigint, $5::bytea) AS r WHERE r
