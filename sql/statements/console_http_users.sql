SELECT office_users()::text
