SELECT search_ask($1::text, $2::text)
