SELECT session_me()::text
