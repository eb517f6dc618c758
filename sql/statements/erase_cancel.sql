SELECT erase_cancel($1::text, $2::text)
