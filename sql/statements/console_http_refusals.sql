SELECT office_refusals($1::int)::text
