-- Feeds that are silent for longer than they promised; counts only.
SELECT count(*) FROM feed_silence(clock()) WHERE periods >= 1
