INSERT INTO kek_retired (kek_id) VALUES ($1::int - 1) ON CONFLICT DO NOTHING
