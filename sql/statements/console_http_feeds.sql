SELECT office_feeds()::text
