-- One post of posts.yaml; its lead comes after all posts are there. A row that says the same already is not touched: its
-- lock would stand in the way of every decision that tells that post.
WITH said AS (
    SELECT $1::text AS post_id, $2::text AS view, $3::text AS topic, $4::text AS ack_topic, $5::boolean AS takes_unrouted
), changed AS (
    UPDATE post p
    SET view = s.view, topic = s.topic, ack_topic = s.ack_topic, active = true, takes_unrouted = s.takes_unrouted
    FROM said s
    WHERE p.post_id = s.post_id
      AND (p.view, p.topic, p.ack_topic, p.active, p.takes_unrouted)
          IS DISTINCT FROM (s.view, s.topic, s.ack_topic, true, s.takes_unrouted)
)
INSERT INTO post (post_id, view, topic, ack_topic, active, takes_unrouted)
SELECT post_id, view, topic, ack_topic, true, takes_unrouted FROM said
ON CONFLICT (post_id) DO NOTHING
