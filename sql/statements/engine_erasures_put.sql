-- Sealed messages that were dropped: Kafka forgets them, too.
INSERT INTO feed_erasure AS f (topic, part, before_off)
SELECT n.topic, n.part, max(n.off) + 1 FROM unnest($1::text[], $2::int4[], $3::int8[]) AS n (topic, part, off)
GROUP BY n.topic, n.part
ON CONFLICT (topic, part) DO UPDATE SET before_off = greatest(f.before_off, excluded.before_off), asked_at = now()
