SELECT (session_me() || jsonb_build_object('looks', look_mine()))::text
