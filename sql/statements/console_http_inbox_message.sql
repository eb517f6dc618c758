SELECT inbox_message($1::text, $2::text)::text
