-- What each source promised, what is here, and since when it is silent.
SELECT s.urn, s.silence_minutes, s.periods, s.feeds_risk,
       to_char(s.heard_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS'), c.type, c.promised, c.live, c.gap, c.hash_fits
FROM feed_silence(clock()) AS s LEFT JOIN feed_coverage() AS c USING (source_id)
ORDER BY s.urn, c.type
