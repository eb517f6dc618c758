SELECT upload_department()
