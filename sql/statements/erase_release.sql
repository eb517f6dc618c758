SELECT to_char(erase_release($1::text, $2::text) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')
