UPDATE post SET lead_post = $2::text WHERE post_id = $1::text AND lead_post IS DISTINCT FROM $2::text
