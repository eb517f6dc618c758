-- $2: the time step of the code, NULL for a wrong one.
SELECT is_active, is_due FROM session_confirm($1::text, $2::bigint, $3::bytea)
