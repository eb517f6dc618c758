-- Who asks, for the rest of the transaction.
SELECT account_id, account, array_to_string(roles, ','), is_due FROM session_begin($1::text, $2::boolean)
