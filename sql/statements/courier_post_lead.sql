UPDATE post SET lead_post = $2::text WHERE post_id = $1::text
