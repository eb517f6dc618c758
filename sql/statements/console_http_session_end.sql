SELECT session_end($1::text)
