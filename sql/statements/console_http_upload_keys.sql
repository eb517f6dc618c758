SELECT upload_keys($1::int)
