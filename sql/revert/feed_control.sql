SET ROLE hulei_owner;
SET search_path = hulei;
DROP FUNCTION feed_silence(timestamptz), feed_coverage();
DROP VIEW feed_promise_now;
ALTER TABLE feed_counter DROP COLUMN last_at;
DROP TABLE feed_total, feed_promise;
