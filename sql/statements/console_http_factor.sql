-- The second factor of a session that waits for it.
SELECT account_id, account, state, factor_key, factor FROM session_factor($1::text)
