SELECT to_char(s.at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS'), s.who, s.role, s.what, coalesce(s.about, '-')
FROM subject_seen($1::int8[], $2::int8[]) AS s
