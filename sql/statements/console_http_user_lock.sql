SELECT office_user_lock($1::text, $2::boolean)
