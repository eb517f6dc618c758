SELECT office_overview($1::int)::text
