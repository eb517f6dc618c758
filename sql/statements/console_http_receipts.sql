SELECT office_receipts($1::text, $2::int)::text
