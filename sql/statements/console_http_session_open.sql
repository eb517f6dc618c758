-- First factor; NULL: refused.
SELECT state, is_due FROM session_open($1::text, $2::bytea, $3::bytea, $4::bytea)
