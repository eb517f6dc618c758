SELECT upload_list()::text
