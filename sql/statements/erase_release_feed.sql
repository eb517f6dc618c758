SELECT state, requeued FROM withdrawals_release($1::text, $2::text)
