SELECT office_chain()::text
