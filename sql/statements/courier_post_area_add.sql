INSERT INTO post_area (post_id, area_code, from_date, to_date) VALUES ($1::text, $2::text, $3::date, $4::date)
