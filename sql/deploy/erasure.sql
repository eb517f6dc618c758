-- Deploy hulei:erasure to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- A wrong bulk deletion is told from a right one by a second person and by time (RELIABILITY.md F 22).
INSERT INTO setting VALUES
    ('erase_undo_s', '3600'),           -- between the request and the erasure it can be taken back
    ('erase_alone_records', '20'),      -- what operators may ask for in 24 h without a second person
    ('withdraw_floor', '50'),           -- records a feed may withdraw in 24 h without anybody's leave
    ('withdraw_percent', '5');          -- and of its live records, when that is more

CREATE TABLE erasure_request (
    request_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id   text NOT NULL UNIQUE DEFAULT 'er-' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 16),
    reason      text NOT NULL CHECK (reason IN ('erased', 'objection')),
    reason_code text NOT NULL CHECK (reason_code ~ '^[A-Z0-9_]{1,32}$'),
    state       text NOT NULL CHECK (state IN ('held', 'waiting', 'applied', 'cancelled')),
    records     int NOT NULL,
    asked_by    bigint REFERENCES account,
    released_by bigint REFERENCES account CHECK (released_by <> asked_by),
    asked_at    timestamptz NOT NULL DEFAULT clock(),
    apply_at    timestamptz,
    CHECK ((state = 'waiting') <= (apply_at IS NOT NULL))
);
COMMENT ON TABLE erasure_request IS 'Erasures asked for by a named operator; held: more than one person may decide alone.';
CREATE INDEX erasure_request_waiting ON erasure_request (apply_at) WHERE state = 'waiting';

CREATE TABLE erasure_item (
    request_id bigint NOT NULL REFERENCES erasure_request ON DELETE CASCADE,
    record_id  bigint NOT NULL,
    PRIMARY KEY (request_id, record_id)
);
COMMENT ON TABLE erasure_item IS 'The records of a request, until it is applied or taken back.';

CREATE TABLE withdrawal_release (
    source_id   smallint PRIMARY KEY REFERENCES source,
    asked_by    bigint NOT NULL REFERENCES account,
    released_by bigint REFERENCES account CHECK (released_by <> asked_by),
    until       timestamptz NOT NULL
);
COMMENT ON TABLE withdrawal_release IS 'Feeds whose mass withdrawal two persons let through, and until when.';

CREATE FUNCTION operator_of(in_os_user text) RETURNS account
LANGUAGE plpgsql STABLE
SET search_path = hulei, pg_temp
AS $$
DECLARE
    who account;
BEGIN
    SELECT * INTO who FROM account WHERE os_user = in_os_user AND NOT locked AND 'operator' = ANY (roles);
    IF who.account_id IS NULL THEN
        RAISE EXCEPTION 'only an unlocked operator may do that' USING ERRCODE = 'HL003';
    END IF;
    RETURN who;
END
$$;

-- The live records of a person, or one record; nothing of others in whose records the person is only named.
CREATE FUNCTION subject_records(in_person bigint, in_source text, in_type smallint, in_subject text) RETURNS bigint[]
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
RETURN (SELECT array_agg(DISTINCT r.record_id) FROM record r
        LEFT JOIN mention m ON m.record_id = r.record_id AND m.slot = 0
        LEFT JOIN source s ON s.source_id = r.source_id
        WHERE CASE WHEN in_person IS NOT NULL
                   THEN m.person_id IN (SELECT coalesce(n.alias_of, n.person_id) FROM person n WHERE n.person_id = in_person)
                   ELSE s.urn = in_source AND r.subject = in_subject AND (in_type IS NULL OR r.type = in_type) END);

CREATE FUNCTION erase_ask(in_os_user text, in_person bigint, in_source text, in_type smallint, in_subject text,
                          in_reason_code text, OUT public_id text, OUT state text, OUT records int, OUT apply_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    who CONSTANT account := operator_of(in_os_user);
    ids CONSTANT bigint[] := subject_records(in_person, in_source, in_type, in_subject);
    alone CONSTANT int := (SELECT value::int FROM setting WHERE name = 'erase_alone_records');
    undo CONSTANT interval := (SELECT make_interval(secs => value::int) FROM setting WHERE name = 'erase_undo_s');
    before bigint;
    r erasure_request;
BEGIN
    IF ids IS NULL THEN
        RAISE EXCEPTION 'nothing is held' USING ERRCODE = 'HL002';
    END IF;
    LOCK TABLE erasure_request IN SHARE ROW EXCLUSIVE MODE; -- two requests at once count each other
    SELECT coalesce(sum(q.records), 0) INTO before FROM erasure_request q
    WHERE q.asked_at > clock() - interval '24 hours' AND q.state <> 'cancelled' AND q.released_by IS NULL;
    INSERT INTO erasure_request (reason, reason_code, state, records, asked_by, apply_at)
    SELECT 'erased', in_reason_code, CASE WHEN is_held THEN 'held' ELSE 'waiting' END, cardinality(ids), who.account_id,
           CASE WHEN NOT is_held THEN clock() + undo END
    FROM (SELECT before + cardinality(ids) > alone AS is_held) AS h
    RETURNING * INTO r;
    INSERT INTO erasure_item SELECT r.request_id, n FROM unnest(ids) AS n;
    PERFORM audit_append('admin', who.name, 'operator', 'erase_ask', 'erase', NULL, NULL, jsonb_build_object(
        'request', r.public_id, 'records', r.records, 'state', r.state, 'reason', in_reason_code));
    public_id := r.public_id;
    state := r.state;
    records := r.records;
    apply_at := r.apply_at;
END
$$;
COMMENT ON FUNCTION erase_ask IS 'An operator''s request to erase a person or a record. HL002: nothing is held; HL003: not an operator.';

CREATE FUNCTION erase_release(in_os_user text, in_request text) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    who CONSTANT account := operator_of(in_os_user);
    r erasure_request;
BEGIN
    SELECT * INTO r FROM erasure_request WHERE public_id = in_request FOR UPDATE;
    IF r.request_id IS NULL OR r.state <> 'held' THEN
        RAISE EXCEPTION 'no such request is held' USING ERRCODE = 'HL002';
    ELSIF r.asked_by = who.account_id THEN
        RAISE EXCEPTION 'another person releases it' USING ERRCODE = 'HL013';
    END IF;
    UPDATE erasure_request SET state = 'waiting', released_by = who.account_id, apply_at = clock()
        + (SELECT make_interval(secs => value::int) FROM setting WHERE name = 'erase_undo_s')
    WHERE request_id = r.request_id RETURNING * INTO r;
    PERFORM audit_append('admin', who.name, 'operator', 'erase_release', 'erase', NULL, NULL,
                         jsonb_build_object('request', r.public_id, 'records', r.records));
    RETURN r.apply_at;
END
$$;
COMMENT ON FUNCTION erase_release IS 'The second person''s word on a held request. HL013: it is the same person.';

CREATE FUNCTION erase_cancel(in_os_user text, in_request text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    who CONSTANT account := operator_of(in_os_user);
    r erasure_request;
BEGIN
    UPDATE erasure_request SET state = 'cancelled' WHERE public_id = in_request AND state IN ('held', 'waiting')
    RETURNING * INTO r;
    IF r.request_id IS NULL THEN
        RAISE EXCEPTION 'too late, or no such request' USING ERRCODE = 'HL006';
    END IF;
    DELETE FROM erasure_item WHERE request_id = r.request_id;
    PERFORM audit_append('admin', who.name, 'operator', 'erase_cancel', 'erase', NULL, NULL,
                         jsonb_build_object('request', r.public_id, 'records', r.records));
END
$$;
COMMENT ON FUNCTION erase_cancel IS 'Takes a request back before it is applied. HL006: too late.';

-- Requests whose time to be taken back is over; the engine forgets the records in its next batch.
CREATE FUNCTION erasure_requests_apply() RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    r erasure_request;
BEGIN
    FOR r IN SELECT * FROM erasure_request WHERE state = 'waiting' AND apply_at <= (SELECT clock())
             ORDER BY request_id FOR UPDATE LOOP
        INSERT INTO erasure (record_id, source_id, type, reason, rule, request_id)
        SELECT d.record_id, d.source_id, d.type, r.reason, d.ends_rule, r.request_id
        FROM erasure_item i JOIN record d USING (record_id) WHERE i.request_id = r.request_id
        ON CONFLICT (record_id) WHERE done_at IS NULL
        DO UPDATE SET reason = excluded.reason, request_id = excluded.request_id;
        DELETE FROM erasure_item WHERE request_id = r.request_id;
        UPDATE erasure_request SET state = 'applied' WHERE request_id = r.request_id;
        INSERT INTO command (kind, payload, created_by)
        VALUES ('erase', jsonb_build_object('request', r.public_id), 'hulei');
        PERFORM pg_notify('hulei_command', '');
    END LOOP;
END
$$;

-- ---- mass withdrawals by a feed ----

-- What a source may withdraw now without leave; NULL: two persons let it pass.
CREATE FUNCTION withdrawals_left(in_source smallint) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    allowed bigint := (SELECT value::bigint FROM setting WHERE name = 'withdraw_floor');
    done bigint;
BEGIN
    IF EXISTS (SELECT FROM withdrawal_release w
               WHERE w.source_id = in_source AND w.released_by IS NOT NULL AND w.until > clock()) THEN
        RETURN NULL;
    END IF;
    SELECT count(*) INTO done FROM record
    WHERE source_id = in_source AND state = 'withdrawn' AND updated_at > now() - interval '24 hours';
    IF done >= allowed / 2 THEN -- counting a large feed takes its time: only near the floor
        allowed := greatest(allowed, (SELECT (count(*) + done) * (SELECT value::int FROM setting
                                                                   WHERE name = 'withdraw_percent') / 100
                                       FROM record WHERE source_id = in_source AND state = 'live'));
    END IF;
    RETURN greatest(allowed - done, 0);
END
$$;
COMMENT ON FUNCTION withdrawals_left IS 'A feed that withdraws more of its records in a day is held: the rest is parked until two persons release it.';

CREATE FUNCTION withdrawals_release(in_os_user text, in_source text, OUT state text, OUT requeued bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    who CONSTANT account := operator_of(in_os_user);
    feed source;
    w withdrawal_release;
BEGIN
    SELECT * INTO feed FROM source WHERE urn = in_source;
    IF feed.source_id IS NULL THEN
        RAISE EXCEPTION 'no such source' USING ERRCODE = 'HL002';
    END IF;
    SELECT * INTO w FROM withdrawal_release WHERE source_id = feed.source_id FOR UPDATE;
    requeued := 0;
    IF w.source_id IS NULL OR w.until <= clock() OR w.released_by IS NOT NULL THEN
        INSERT INTO withdrawal_release VALUES (feed.source_id, who.account_id, NULL, clock() + interval '1 day')
        ON CONFLICT (source_id) DO UPDATE SET asked_by = excluded.asked_by, released_by = NULL, until = excluded.until;
        state := 'asked';
    ELSIF w.asked_by = who.account_id THEN
        RAISE EXCEPTION 'another person releases it' USING ERRCODE = 'HL013';
    ELSE
        UPDATE withdrawal_release SET released_by = who.account_id, until = clock() + interval '1 day'
        WHERE source_id = feed.source_id;
        WITH chosen AS (
            UPDATE parked SET state = 'requeued'
            WHERE source_id = feed.source_id AND state = 'parked' AND code = 'mass_withdrawal' RETURNING *
        ), counted AS (
            UPDATE feed_counter f SET n = f.n - least(f.n, c.n)
            FROM (SELECT topic, source_id, count(*) AS n FROM chosen GROUP BY 1, 2) AS c
            WHERE f.topic = c.topic AND f.source_id = c.source_id AND f.outcome = 'refused'
              AND f.day = (SELECT max(d.day) FROM feed_counter d
                           WHERE d.topic = f.topic AND d.source_id = f.source_id AND d.outcome = 'refused' AND d.n > 0)
        ), ordered AS (
            INSERT INTO command (kind, payload, created_by)
            SELECT 'requeue', jsonb_build_object('parked_id', parked_id), who.name FROM chosen ORDER BY parked_id
            RETURNING 1
        )
        SELECT count(*) INTO requeued FROM ordered;
        state := 'released';
        PERFORM pg_notify('hulei_command', '');
    END IF;
    PERFORM audit_append('admin', who.name, 'operator', 'withdrawals_' || state, 'erase', NULL, NULL,
                         jsonb_build_object('source', feed.source_id, 'requeued', requeued));
END
$$;
COMMENT ON FUNCTION withdrawals_release IS 'The first person asks, a second one releases: what was held of the feed is read again.';

REVOKE ALL ON erasure_request, erasure_item, withdrawal_release FROM PUBLIC;
REVOKE ALL ON FUNCTION operator_of, subject_records, erase_ask, erase_release, erase_cancel, erasure_requests_apply,
    withdrawals_left, withdrawals_release FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_ask, erase_release, erase_cancel, withdrawals_left, withdrawals_release TO hulei_engine;
GRANT SELECT ON erasure_request TO hulei_engine;
