-- A post may have several, while one replaces another. No row: no such post.
INSERT INTO post_certificate (fingerprint, post_id) SELECT $2::bytea, p.post_id FROM post p WHERE p.post_id = $1::text
ON CONFLICT (fingerprint) DO UPDATE SET post_id = excluded.post_id RETURNING post_id
