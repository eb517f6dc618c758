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
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT (account_with_role((SELECT account_id FROM account WHERE os_user = in_os_user), '{operator}')).*
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

-- A request, held when more than one person may decide alone was asked for in a day.
CREATE FUNCTION erasure_request_put(in_records bigint[], in_reason text, in_reason_code text, in_account bigint, in_undo interval)
    RETURNS erasure_request
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    alone CONSTANT int := (SELECT value::int FROM setting WHERE name = 'erase_alone_records');
    before bigint;
    r erasure_request;
BEGIN
    LOCK TABLE erasure_request IN SHARE ROW EXCLUSIVE MODE; -- two requests at once count each other
    SELECT coalesce(sum(q.records), 0) INTO before FROM erasure_request q
    WHERE q.asked_at > clock() - interval '24 hours' AND q.state <> 'cancelled' AND q.released_by IS NULL;
    INSERT INTO erasure_request (reason, reason_code, state, records, asked_by, apply_at)
    SELECT in_reason, in_reason_code, CASE WHEN is_held THEN 'held' ELSE 'waiting' END, cardinality(in_records), in_account,
           CASE WHEN NOT is_held THEN clock() + in_undo END
    FROM (SELECT before + cardinality(in_records) > alone AS is_held) AS h
    RETURNING * INTO r;
    INSERT INTO erasure_item SELECT r.request_id, n FROM unnest(in_records) AS n;
    RETURN r;
END
$$;

CREATE FUNCTION erase_ask(in_os_user text, in_person bigint, in_source text, in_type smallint, in_subject text,
                          in_reason_code text, OUT public_id text, OUT state text, OUT records int, OUT apply_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    who CONSTANT account := operator_of(in_os_user);
    ids CONSTANT bigint[] := subject_records(in_person, in_source, in_type, in_subject);
    undo CONSTANT interval := (SELECT make_interval(secs => value::int) FROM setting WHERE name = 'erase_undo_s');
    r erasure_request;
BEGIN
    IF ids IS NULL THEN
        RAISE EXCEPTION 'nothing is held' USING ERRCODE = 'HL002';
    END IF;
    r := erasure_request_put(ids, 'erased', in_reason_code, who.account_id, undo);
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
        PERFORM command_put('erase', jsonb_build_object('request', r.public_id), 'hulei');
    END LOOP;
END
$$;

-- ---- what is held on one person ----

-- Sealed bodies with their wrapped keys, for the person's right to know; the audit entry is written here.
CREATE FUNCTION subject_report(in_os_user text, in_person bigint, in_source text, in_type smallint, in_subject text,
                               in_reason_code text, with_bodies boolean)
    RETURNS TABLE (record_id bigint, source text, type smallint, subject text, state text, as_of timestamptz, ends_on date,
                   ends_rule text, versions bigint, person_id bigint, body bytea, data_key_id bigint, wrapped bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    who CONSTANT account := operator_of(in_os_user);
    ids CONSTANT bigint[] := subject_records(in_person, in_source, in_type, in_subject);
BEGIN
    IF ids IS NULL THEN
        RAISE EXCEPTION 'nothing is held' USING ERRCODE = 'HL002';
    ELSIF in_reason_code IS NULL OR in_reason_code !~ '^[A-Z0-9_]{1,32}$' THEN
        RAISE EXCEPTION 'a reason is a code' USING ERRCODE = 'HL014';
    END IF;
    PERFORM audit_append('admin', who.name, 'operator', 'subject_report', 'subject_rights', NULL, NULL, jsonb_build_object(
        'records', to_jsonb(ids), 'reason', in_reason_code, 'with_values', with_bodies));
    RETURN QUERY
        SELECT r.record_id, s.urn, r.type, r.subject, r.state, r.version_time, r.ends_on, r.ends_rule,
               (SELECT count(*) FROM record_history h WHERE h.record_id = r.record_id),
               (SELECT m.person_id FROM mention m WHERE m.record_id = r.record_id AND m.slot = 0),
               CASE WHEN with_bodies THEN r.body END, r.data_key_id, k.wrapped
        FROM record r JOIN source s USING (source_id) LEFT JOIN data_key k ON k.data_key_id = r.data_key_id
        WHERE r.record_id = ANY (ids)
        ORDER BY s.urn, r.type, r.subject;
END
$$;

-- Who saw something of it: posts that were told, accounts that opened a sheet or decided, operators that asked for this.
CREATE FUNCTION subject_seen(in_persons bigint[], in_records bigint[])
    RETURNS TABLE (at timestamptz, who text, role text, what text, about text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    WITH mine AS (
        SELECT pair_id, public_id FROM pair WHERE child_person = ANY (in_persons) OR risk_person = ANY (in_persons))
    SELECT d.sent_at, d.post_id, 'post', a.msg || ' ' || d.state || coalesce(' ' || d.outcome_code, ''), m.public_id
    FROM mine m JOIN alert a USING (pair_id) JOIN delivery d USING (alert_id) WHERE d.sent_at IS NOT NULL
    UNION ALL
    SELECT e.at, e.actor, e.role, e.action, m.public_id
    FROM audit_entry e JOIN mine m ON e.detail->>'pair' = m.public_id WHERE e.lane LIKE 'console%'
    UNION ALL
    SELECT e.at, e.actor, e.role, e.action, NULL
    FROM audit_entry e
    WHERE e.action = 'subject_report'
      AND EXISTS (SELECT FROM jsonb_array_elements_text(e.detail->'records') AS r (id) WHERE r.id::bigint = ANY (in_records))
    ORDER BY 1
$$;

-- After a restore: what was forgotten since the backup is forgotten again, whoever asked for it then. The caller erases
-- with the engine's own statement; a running engine would know nothing of it.
CREATE FUNCTION erasure_replay(in_os_user text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    who CONSTANT account := operator_of(in_os_user);
BEGIN
    IF EXISTS (SELECT FROM engine_lease l JOIN pg_stat_activity a ON a.pid = l.backend_pid
               WHERE l.role = 'engine' AND l.renewed_at > clock_timestamp() - interval '10 seconds') THEN
        RAISE EXCEPTION 'an engine is at work' USING ERRCODE = 'HL031';
    END IF;
    PERFORM audit_append('admin', who.name, 'operator', 'erase_replay', 'erase', NULL, NULL, '{}');
END
$$;
COMMENT ON FUNCTION erasure_replay IS 'hulei erase replay: the ledger outside the database is followed. HL031: an engine is at work.';

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
REVOKE ALL ON FUNCTION subject_report, subject_seen, operator_of, subject_records, erasure_request_put, erase_ask, erase_release, erase_cancel, erasure_requests_apply,
    erasure_replay, withdrawals_left, withdrawals_release FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_ask, erase_release, erase_cancel, erasure_replay, withdrawals_left, withdrawals_release,
    subject_report, subject_seen TO hulei_engine;
GRANT SELECT ON erasure_request TO hulei_engine;
