-- One post of posts.yaml; its lead comes after all posts are there.
INSERT INTO post (post_id, view, topic, ack_topic, active, takes_unrouted)
VALUES ($1::text, $2::text, $3::text, $4::text, true, $5::boolean)
ON CONFLICT (post_id) DO UPDATE
SET view = excluded.view, topic = excluded.topic, ack_topic = excluded.ack_topic, active = true,
    takes_unrouted = excluded.takes_unrouted
