SELECT record_id, source_id, silence_minutes, said_at, part, off FROM hulei.feed_promise WHERE false;
SELECT record_id, type, n, hash FROM hulei.feed_total WHERE false;
SELECT last_at FROM hulei.feed_counter WHERE false;
SELECT 'hulei.feed_coverage()'::regprocedure, 'hulei.feed_silence(timestamptz)'::regprocedure;
