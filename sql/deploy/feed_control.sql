-- Deploy hulei:feed_control to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- What a source says of itself (hulei.feed_control.v1): how much it holds, and how long it may be silent.
CREATE TABLE feed_promise (
    record_id       bigint PRIMARY KEY REFERENCES record ON DELETE CASCADE,
    source_id       smallint NOT NULL,
    silence_minutes int NOT NULL CHECK (silence_minutes > 0),
    said_at         timestamptz NOT NULL,
    part            int NOT NULL,
    off             bigint NOT NULL
);
COMMENT ON TABLE feed_promise IS 'Live control records; of two of one source the newer counts.';
CREATE INDEX feed_promise_source ON feed_promise (source_id);

CREATE TABLE feed_total (
    record_id bigint NOT NULL REFERENCES feed_promise ON DELETE CASCADE,
    type      smallint NOT NULL,
    n         bigint NOT NULL CHECK (n >= 0),
    hash      bytea CHECK (length(hash) = 32),
    PRIMARY KEY (record_id, type)
);
COMMENT ON TABLE feed_total IS 'Control totals by record type.';
COMMENT ON COLUMN feed_total.hash IS 'SHA-256 over the sorted subjects of the live records, a line feed behind each.';

ALTER TABLE feed_counter ADD COLUMN last_at timestamptz NOT NULL DEFAULT clock();
COMMENT ON COLUMN feed_counter.last_at IS 'When the engine last took such a message; what a silent feed is measured by.';

CREATE VIEW feed_promise_now WITH (security_invoker = true) AS
    SELECT DISTINCT ON (p.source_id) p.*
    FROM feed_promise p ORDER BY p.source_id, p.said_at DESC, p.part DESC, p.off DESC;
COMMENT ON VIEW feed_promise_now IS 'The promise of each source that counts.';

-- What each source says it holds, and what is here. `gap`: promised and not live; negative: live and not promised.
CREATE FUNCTION feed_coverage()
RETURNS TABLE (source_id smallint, urn text, type smallint, promised bigint, live bigint, gap bigint, hash_fits boolean,
               said_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    SELECT p.source_id, s.urn, t.type, t.n, h.live, t.n - h.live, t.hash = h.hash, p.said_at
    FROM feed_promise_now p
    JOIN source s USING (source_id)
    JOIN feed_total t USING (record_id)
    CROSS JOIN LATERAL (
        SELECT count(*) AS live,
               CASE WHEN t.hash IS NOT NULL THEN
                   sha256(convert_to(coalesce(string_agg(r.subject || E'\n', '' ORDER BY r.subject COLLATE "C"), ''), 'UTF8'))
               END AS hash
        FROM record r WHERE r.source_id = p.source_id AND r.type = t.type AND r.state = 'live') AS h
    ORDER BY s.urn, t.type
$$;
COMMENT ON FUNCTION feed_coverage IS 'Control totals against the live records; hash_fits NULL: the source gave no hash.';

-- Since when each source that promised to speak is silent. `periods`: whole silence periods that have passed.
CREATE FUNCTION feed_silence(in_at timestamptz)
RETURNS TABLE (source_id smallint, urn text, topic text, feeds_risk boolean, silence_minutes int, heard_at timestamptz,
               periods int)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    SELECT p.source_id, s.urn, s.topic,
           EXISTS (SELECT FROM record r WHERE r.source_id = p.source_id AND r.type = 5)
               OR EXISTS (SELECT FROM feed_total t WHERE t.record_id = p.record_id AND t.type = 5),
           p.silence_minutes, c.heard_at,
           greatest(0, ceil(extract(epoch FROM in_at - c.heard_at) / (60.0 * p.silence_minutes)) - 1)::int
    FROM feed_promise_now p
    JOIN source s USING (source_id)
    CROSS JOIN LATERAL (SELECT max(c.last_at) AS heard_at FROM feed_counter c WHERE c.source_id = p.source_id) AS c
    ORDER BY s.urn
$$;
COMMENT ON FUNCTION feed_silence IS 'Rule B3 (type 5: risk): periods >= 1 is blue, >= 2 on a feed of risk records yellow. Exactly one period is not yet silence.';

GRANT SELECT, INSERT, DELETE ON feed_promise, feed_total TO hulei_engine;
REVOKE ALL ON feed_promise_now FROM PUBLIC;
REVOKE ALL ON FUNCTION feed_coverage(), feed_silence(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION feed_coverage(), feed_silence(timestamptz) TO hulei_engine, hulei_courier, hulei_console;
