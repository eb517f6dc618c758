-- Deploy hulei:uploads to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- What clerks enter in the console goes the way of every feed: as a sealed outbox row, which the courier produces to
-- hulei.feed.<department>.console. Once it is sent, row and key lose it; the record itself is the engine's.

ALTER TABLE outbox
    ADD COLUMN data_key_id bigint REFERENCES data_key,
    ADD CONSTRAINT outbox_feed_sealed CHECK (kind NOT IN ('feed', 'emergency') OR state <> 'queued' OR data_key_id IS NOT NULL);
COMMENT ON COLUMN outbox.data_key_id IS 'Of a feed row, and of an emergency that came on an ordinary feed: what its payload is sealed with, bound to outbox/payload/data_key_id.';
CREATE INDEX outbox_handed_on ON outbox (outbox_id) WHERE kind = 'emergency' AND state = 'queued';
GRANT INSERT (headers, data_key_id) ON outbox TO hulei_engine; -- an emergency on an ordinary feed
CREATE INDEX outbox_key ON outbox (data_key_id) WHERE data_key_id IS NOT NULL;

-- Below those of emergencies, which count down from -1, so that no writer meets another.
CREATE SEQUENCE upload_key INCREMENT -1 MINVALUE -9223372036854775807 MAXVALUE -4611686018427387904 START -4611686018427387904;

CREATE TABLE feed_upload (
    upload_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    department   text NOT NULL,
    upload       text NOT NULL CHECK (upload ~ '^[A-Za-z0-9-]{1,64}$'),
    account_id   bigint NOT NULL REFERENCES account,
    type         text NOT NULL,
    at           timestamptz NOT NULL DEFAULT clock(),
    first_outbox bigint,
    UNIQUE (department, upload)
);
COMMENT ON TABLE feed_upload IS 'Ledgers that clerks sent: who, when, of which type; what was in them is not here.';
COMMENT ON COLUMN feed_upload.upload IS 'The browser''s name for the ledger; a block that is sent again is known by it.';
COMMENT ON COLUMN feed_upload.first_outbox IS 'Its receipts have higher numbers.';

CREATE TABLE feed_upload_row (
    upload_id bigint NOT NULL REFERENCES feed_upload ON DELETE CASCADE,
    line      int NOT NULL CHECK (line > 0),
    outbox_id bigint REFERENCES outbox ON DELETE SET NULL,
    PRIMARY KEY (upload_id, line)
);
COMMENT ON TABLE feed_upload_row IS 'Which lines of a ledger were sent; a line is sent once.';
INSERT INTO retention (what, keep, basis) VALUES ('upload', '1 year', 'that a ledger was sent, by whom and when');
CREATE INDEX feed_upload_row_outbox ON feed_upload_row (outbox_id) WHERE outbox_id IS NOT NULL;

-- What left is not kept here a second time.
CREATE FUNCTION outbox_feed_empty() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    NEW.payload := '';
    NEW.data_key_id := NULL;
    RETURN NEW;
END
$$;
CREATE TRIGGER outbox_feed_left BEFORE UPDATE ON outbox
    FOR EACH ROW WHEN (NEW.kind IN ('feed', 'emergency') AND OLD.state = 'queued' AND NEW.state <> 'queued') EXECUTE FUNCTION outbox_feed_empty();

CREATE FUNCTION outbox_drop_key() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    DELETE FROM data_key WHERE data_key_id = OLD.data_key_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER outbox_key_changed AFTER UPDATE ON outbox
    FOR EACH ROW WHEN (OLD.data_key_id IS DISTINCT FROM NEW.data_key_id) EXECUTE FUNCTION outbox_drop_key();

CREATE FUNCTION outbox_sealed(in_outbox bigint) RETURNS TABLE (data_key_id bigint, wrapped bytea)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    SELECT k.data_key_id, k.wrapped FROM outbox o JOIN data_key k USING (data_key_id)
    WHERE o.outbox_id = in_outbox AND o.kind IN ('feed', 'emergency')
$$;
COMMENT ON FUNCTION outbox_sealed IS 'The key of a feed row, for the courier that sends it, or of an emergency that came on an ordinary feed.';

-- ---- the clerk's doors ----

CREATE FUNCTION upload_department() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := office_require('{operator}');
BEGIN
    RETURN (SELECT a.department FROM account a WHERE a.account_id = s.account_id);
END
$$;
COMMENT ON FUNCTION upload_department IS 'In whose name the session''s account enters records; NULL: in nobody''s.';

CREATE FUNCTION upload_keys(in_count int) RETURNS SETOF bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    PERFORM office_require('{operator}');
    RETURN QUERY SELECT nextval('upload_key') FROM generate_series(1, least(in_count, 500));
END
$$;

-- Queues the lines that are new; answers how many. in_refused: lines of the same block that the door refused.
CREATE FUNCTION upload_put(in_upload text, in_type text, in_lines int[], in_keys bigint[], in_wrapped bytea[],
                           in_message_keys text[], in_bodies bytea[], in_refused int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := office_require('{operator}');
    mine CONSTANT text := upload_department();
    u feed_upload;
    queued int;
    first_id bigint;
BEGIN
    IF mine IS NULL THEN
        RAISE EXCEPTION 'no department' USING ERRCODE = 'HL036';
    END IF;
    INSERT INTO feed_upload (department, upload, account_id, type) VALUES (mine, in_upload, s.account_id, in_type)
    ON CONFLICT (department, upload) DO NOTHING;
    SELECT * INTO u FROM feed_upload WHERE department = mine AND upload = in_upload FOR UPDATE;
    IF u.account_id <> s.account_id OR u.type <> in_type THEN
        RAISE EXCEPTION 'the name is of another ledger' USING ERRCODE = 'HL037';
    END IF;
    WITH fresh AS (
        SELECT DISTINCT ON (n.line) n.*
        FROM unnest(in_lines, in_keys, in_wrapped, in_message_keys, in_bodies) AS n (line, key_id, wrapped, message_key, body)
        WHERE NOT EXISTS (SELECT FROM feed_upload_row r WHERE r.upload_id = u.upload_id AND r.line = n.line)
        ORDER BY n.line
    ), keys AS (
        INSERT INTO data_key (data_key_id, wrapped) SELECT key_id, wrapped FROM fresh
    ), sealed AS (
        INSERT INTO outbox (kind, topic, key, payload, data_key_id, headers, not_before)
        SELECT 'feed', 'hulei.feed.' || mine || '.console', message_key, body, key_id,
               '{"content-type": "application/cloudevents+json; charset=UTF-8"}', clock()
        FROM fresh ORDER BY line
        RETURNING outbox_id, data_key_id
    ), noted AS (
        INSERT INTO feed_upload_row (upload_id, line, outbox_id)
        SELECT u.upload_id, f.line, o.outbox_id FROM fresh f JOIN sealed o ON o.data_key_id = f.key_id
        RETURNING feed_upload_row.outbox_id
    )
    SELECT count(*), min(outbox_id) INTO queued, first_id FROM noted;
    UPDATE feed_upload SET first_outbox = least(first_outbox, first_id) WHERE upload_id = u.upload_id;
    PERFORM audit_append('console', s.account, 'operator', 'feed_upload', NULL, NULL, NULL,
                         jsonb_build_object('upload', in_upload, 'type', in_type, 'queued', queued, 'refused', in_refused));
    PERFORM pg_notify('hulei_console', 'feeds');
    RETURN queued;
END
$$;

-- What became of the department's last ledgers: the courier's part from the outbox, the engine's from its receipts.
CREATE FUNCTION upload_list() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := office_require('{operator}');
BEGIN
    RETURN (
        WITH mine AS (
            SELECT u.* FROM feed_upload u WHERE u.department = ANY (s.departments) ORDER BY u.upload_id DESC LIMIT 20
        ), told AS (
            SELECT DISTINCT ON (u.upload_id, t.line) u.upload_id, t.line, t.outcome, t.code, t.field, t.rule
            FROM mine u JOIN outbox x ON x.outbox_id > u.first_outbox AND x.kind = 'receipt'
                                     AND x.topic = 'hulei.receipt.' || u.department || '.console'
            CROSS JOIN LATERAL (
                SELECT split_part(e->>'id', ':', 2)::int, e->>'outcome', e->>'code', e->>'field', e->>'rule'
                FROM jsonb_array_elements(convert_from(x.payload, 'UTF8')::jsonb->'receipts') AS e
                WHERE e->>'id' ~ ('^' || u.upload || ':[0-9]{1,7}$')) AS t (line, outcome, code, field, rule)
            ORDER BY u.upload_id, t.line, x.outbox_id
        ), sums AS (
            SELECT u.upload_id, count(r.line) AS lines, count(*) FILTER (WHERE o.state = 'queued') AS waiting,
                   count(*) FILTER (WHERE t.outcome = 'accepted') AS accepted,
                   count(*) FILTER (WHERE t.outcome = 'unchanged') AS unchanged,
                   count(*) FILTER (WHERE t.outcome = 'superseded') AS superseded,
                   count(*) FILTER (WHERE t.outcome = 'refused') AS refused
            FROM mine u LEFT JOIN feed_upload_row r USING (upload_id) LEFT JOIN outbox o USING (outbox_id)
            LEFT JOIN told t ON t.upload_id = u.upload_id AND t.line = r.line
            GROUP BY u.upload_id
        )
        SELECT jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object(
            'upload', u.upload, 'department', u.department, 'type', u.type, 'by', a.name, 'at', rfc_time(u.at),
            'lines', n.lines, 'waiting', n.waiting, 'accepted', n.accepted, 'unchanged', n.unchanged,
            'superseded', n.superseded, 'refused', n.refused, 'refusals', coalesce((
                SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('row', t.line, 'code', t.code, 'field', t.field,
                                                                      'rule', t.rule)) ORDER BY t.line)
                FROM told t WHERE t.upload_id = u.upload_id AND t.outcome = 'refused'), '[]')) ORDER BY u.upload_id DESC), '[]'))
        FROM mine u JOIN account a USING (account_id) JOIN sums n USING (upload_id));
END
$$;

REVOKE ALL ON feed_upload, feed_upload_row FROM PUBLIC;
REVOKE ALL ON FUNCTION outbox_feed_empty, outbox_drop_key, outbox_sealed, upload_department, upload_keys, upload_put,
    upload_list FROM PUBLIC;
GRANT EXECUTE ON FUNCTION outbox_sealed TO hulei_courier;
GRANT EXECUTE ON FUNCTION upload_department, upload_keys, upload_put, upload_list TO hulei_console;
