SELECT office_grants()::text
