-- Deploy hulei:emergency to pg
SET ROLE hulei_owner;
SET search_path = hulei;

INSERT INTO setting VALUES ('emergency_keep_days', '30'), ('emergency_notice_hours', '72'), ('sos_silence_s', '86400');

-- Negative ids: the engine counts its own keys upwards without asking.
CREATE SEQUENCE emergency_key INCREMENT -1 MINVALUE -9223372036854775807 MAXVALUE -1 START -1;

CREATE TABLE emergency (
    emergency_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id    text NOT NULL UNIQUE DEFAULT 'em-' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 16),
    source_id    smallint NOT NULL REFERENCES source,
    type         smallint NOT NULL,
    subject      text NOT NULL CHECK (length(subject) BETWEEN 1 AND 200),
    rule         text NOT NULL CHECK (rule IN ('E1', 'E2', 'E3', 'L1')),
    child_person bigint REFERENCES person,
    topic        text NOT NULL,
    part         int NOT NULL,
    off          bigint NOT NULL,
    appended_at  timestamptz NOT NULL,
    taken_at     timestamptz NOT NULL DEFAULT clock(),
    data_key_id  bigint REFERENCES data_key ON DELETE SET NULL,
    body         bytea,
    reporter     bytea,
    erased_at    timestamptz,
    UNIQUE (topic, part, off),
    UNIQUE (source_id, type, subject, rule)
);
COMMENT ON TABLE emergency IS 'What cannot wait for a review: an alarm, a mandatory report, a minor''s check-in. Once per record and rule.';
COMMENT ON COLUMN emergency.body IS 'The child''s name and the one place, sealed, bound to emergency/body/data_key_id; erased after emergency_keep_days. No track is kept.';
COMMENT ON COLUMN emergency.reporter IS 'Who reported, sealed, bound to emergency/reporter/data_key_id; in no message, no log, no answer.';
CREATE INDEX emergency_unerased ON emergency (taken_at) WHERE erased_at IS NULL;

ALTER TABLE alert ADD FOREIGN KEY (emergency_id) REFERENCES emergency;
ALTER TABLE alert_series ADD FOREIGN KEY (emergency_id) REFERENCES emergency;
CREATE INDEX alert_emergency ON alert (emergency_id) WHERE emergency_id IS NOT NULL;
CREATE INDEX outbox_urgent ON outbox (outbox_id) WHERE state = 'queued' AND is_urgent;

CREATE TABLE emergency_notice (
    emergency_id bigint PRIMARY KEY REFERENCES emergency ON DELETE CASCADE,
    due_at       timestamptz NOT NULL,
    asked_at     timestamptz,
    given_at     timestamptz,
    given_by     bigint REFERENCES account,
    CHECK ((given_at IS NULL) = (given_by IS NULL))
);
COMMENT ON TABLE emergency_notice IS 'An emergency need not wait for the guardians to be told, but told they must be (PIPL 18, 35).';
COMMENT ON COLUMN emergency_notice.asked_at IS 'When it was overdue and put before a human.';
CREATE INDEX emergency_notice_open ON emergency_notice (due_at) WHERE given_at IS NULL AND asked_at IS NULL;

CREATE TABLE sos_device (
    device_hash bytea PRIMARY KEY CHECK (length(device_hash) = 16),
    heard_at    timestamptz NOT NULL
);
COMMENT ON TABLE sos_device IS 'When each watch was last heard, by keyed hash; never where. Silence means unknown, not that all is well.';

INSERT INTO rule_view (rule, view) VALUES
    ('E1', 'police'), ('E1', 'civil'), ('E1', 'community'),
    ('E2', 'police'), ('E2', 'civil'),
    ('E3', 'police'), ('E3', 'civil');

ALTER TABLE review_task DROP CONSTRAINT review_task_kind_check;
ALTER TABLE review_task ADD CONSTRAINT review_task_kind_check
    CHECK (kind IN ('pair', 'identity', 'ask_owner', 'sign', 'delivery', 'notice', 'data_fault'));
CREATE UNIQUE INDEX review_task_open_notice ON review_task ((detail->>'emergency')) WHERE kind = 'notice' AND state = 'open';

-- ---- what the courier asks ----

-- The child's record an alarm names, preferably of the alarm's own department; nothing when it is not clear which.
CREATE FUNCTION emergency_child(in_subject text, in_department text)
RETURNS TABLE (record_id bigint, person_id bigint, data_key_id bigint, wrapped bytea, body bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    RETURN QUERY
    WITH named AS (
        SELECT r.record_id, r.data_key_id, r.body, rank() OVER (ORDER BY s.department <> in_department) AS place
        FROM record r JOIN source s USING (source_id)
        WHERE r.type = 1 AND r.subject = in_subject AND r.state = 'live' AND r.body IS NOT NULL
    )
    SELECT n.record_id, m.person_id, k.data_key_id, k.wrapped, n.body
    FROM named n
    JOIN data_key k ON k.data_key_id = n.data_key_id
    LEFT JOIN mention m ON m.record_id = n.record_id AND m.slot = 0
    WHERE n.place = 1 AND (SELECT count(*) FROM named x WHERE x.place = 1) = 1;
    PERFORM audit_append('emergency', 'courier', 'courier', 'child_read', 'emergency', NULL, NULL,
                         jsonb_build_object('found', FOUND));
END
$$;
COMMENT ON FUNCTION emergency_child IS 'Body and key of one child''s record, for an alarm that names it; every look is in the audit chain.';

CREATE FUNCTION emergency_source(in_urn text, in_topic text, in_department text) RETURNS smallint
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    id smallint;
BEGIN
    SELECT source_id INTO id FROM source WHERE urn = in_urn;
    IF id IS NULL THEN
        INSERT INTO source (source_id, urn, topic, department)
        SELECT coalesce(max(source_id), 0) + 1, in_urn, in_topic, in_department FROM source
        RETURNING source_id INTO id;
    END IF;
    RETURN id;
END
$$;

CREATE FUNCTION emergency_count(in_topic text, in_source smallint, in_outcome text) RETURNS void
LANGUAGE sql
SET search_path = hulei, pg_temp
AS $$
    INSERT INTO feed_counter AS c (topic, source_id, day, outcome, n)
    VALUES (in_topic, in_source, (now() AT TIME ZONE 'Asia/Shanghai')::date, in_outcome, 1)
    ON CONFLICT (topic, source_id, day, outcome) DO UPDATE SET n = c.n + 1
$$;

-- One message to every post that the rule tells: alert, series, deliveries, outbox rows that go at once.
CREATE FUNCTION emergency_alert(in_emergency emergency, in_tier smallint, in_reasons text[], in_evidence jsonb) RETURNS text
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    new_alert text;
    posts text[];
BEGIN
    SELECT coalesce(array_agg(DISTINCT r.post_id ORDER BY r.post_id) FILTER (WHERE r.post_id IS NOT NULL), '{}') INTO posts
    FROM route_posts(in_evidence->'areas'->>0, NULL, NULL, NULL, '{police,civil,community}', in_emergency.rule,
                     clock_day()) AS r;
    IF NOT EXISTS (SELECT FROM post p WHERE p.post_id = ANY (posts) AND p.view = 'police') THEN
        -- No station answers for the place, or it is not known: those above all stations.
        posts := posts || ARRAY(SELECT p.post_id FROM post p
                                WHERE p.view = 'police' AND p.active
                                  AND NOT EXISTS (SELECT FROM post l WHERE l.post_id = post_lead(p.post_id) AND l.active
                                                                       AND l.view = 'police')
                                ORDER BY p.post_id);
    END IF;
    INSERT INTO alert (emergency_id, pair_version, tier, rule, reasons, evidence, policy_version, msg)
    VALUES (in_emergency.emergency_id, 0, in_tier, in_emergency.rule, in_reasons, in_evidence, 'emergency.1', 'alert')
    RETURNING alert_id INTO new_alert;
    INSERT INTO alert_series (series_id, emergency_id, post_id, opened_quarter)
    SELECT 'sr-' || replace(gen_random_uuid()::text, '-', ''), in_emergency.emergency_id, p,
           to_char(clock() AT TIME ZONE 'Asia/Shanghai', 'YYYY"Q"Q')
    FROM unnest(posts) AS p;
    INSERT INTO delivery (alert_id, post_id, series_id, state, next_at)
    SELECT new_alert, s.post_id, s.series_id, 'queued', NULL
    FROM alert_series s WHERE s.emergency_id = in_emergency.emergency_id;
    INSERT INTO outbox (kind, topic, key, not_before, alert_id, post_id, series_id, seq, is_urgent)
    SELECT 'alert', alert_topic(t, alert_status()), s.series_id, clock(), new_alert, s.post_id, s.series_id, 1, true
    FROM alert_series s JOIN post t USING (post_id)
    WHERE s.emergency_id = in_emergency.emergency_id
    ORDER BY t.view <> 'police', s.post_id;
    IF posts = '{}' THEN
        PERFORM alert_ask_human(new_alert, in_tier, NULL, 'NO_POST');
    END IF;
    RETURN new_alert;
END
$$;

-- Takes one message that was judged; in_rule NULL: nothing that calls for an alert. Sending it again changes nothing,
-- the same record under another rule (a guest who is found unconscious) is a new emergency.
CREATE FUNCTION emergency_take(in_topic text, in_part int, in_off bigint, in_urn text, in_department text, in_type smallint,
                               in_subject text, in_event_hash bytea, in_appended_at timestamptz, in_rule text,
                               in_tier smallint, in_reasons text[], in_evidence jsonb, in_child bigint, in_key bigint,
                               in_wrapped bytea, in_body bytea, in_reporter bytea, in_device bytea,
                               OUT outcome text, OUT alert_id text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    in_source CONSTANT smallint := emergency_source(in_urn, in_topic, in_department);
    e emergency;
BEGIN
    INSERT INTO seen_event (source_id, event_hash, seen_at) VALUES (in_source, in_event_hash, now()) ON CONFLICT DO NOTHING;
    outcome := CASE WHEN FOUND THEN 'accepted' ELSE 'unchanged' END;
    IF outcome = 'accepted' AND in_device IS NOT NULL THEN
        INSERT INTO sos_device AS d (device_hash, heard_at) VALUES (in_device, clock())
        ON CONFLICT (device_hash) DO UPDATE SET heard_at = greatest(d.heard_at, excluded.heard_at);
    END IF;
    IF outcome = 'accepted' AND in_rule IS NOT NULL THEN
        IF EXISTS (SELECT FROM emergency x WHERE x.source_id = in_source AND x.type = in_type AND x.subject = in_subject
                                             AND x.rule = in_rule) THEN
            outcome := 'unchanged';
        ELSE
            INSERT INTO data_key (data_key_id, wrapped) VALUES (in_key, in_wrapped);
            INSERT INTO emergency (source_id, type, subject, rule, child_person, topic, part, off, appended_at, data_key_id,
                                   body, reporter)
            VALUES (in_source, in_type, in_subject, in_rule, in_child, in_topic, in_part, in_off, in_appended_at, in_key,
                    in_body, in_reporter)
            RETURNING * INTO e;
            alert_id := emergency_alert(e, in_tier, in_reasons, in_evidence);
            INSERT INTO emergency_notice (emergency_id, due_at)
            SELECT e.emergency_id, clock() + make_interval(hours => s.value::int)
            FROM setting s WHERE s.name = 'emergency_notice_hours';
            PERFORM audit_append('emergency', 'courier', 'courier', 'emergency_taken', 'emergency', NULL, alert_id,
                                 jsonb_build_object('emergency', e.public_id, 'rule', in_rule, 'posts', (
                                     SELECT jsonb_agg(d.post_id ORDER BY d.post_id) FROM delivery d
                                     WHERE d.alert_id = emergency_take.alert_id)));
        END IF;
    END IF;
    PERFORM emergency_count(in_topic, in_source, outcome);
END
$$;
COMMENT ON FUNCTION emergency_take IS 'The courier''s door for one emergency; in the transaction that moves its position.';

-- A refused message, sealed whole, as the engine parks its own.
CREATE FUNCTION emergency_park(in_topic text, in_part int, in_off bigint, in_urn text, in_department text, in_event_id text,
                               in_code text, in_field text, in_rule text, in_stage text, in_key bigint,
                               in_wrapped bytea, in_body bytea, in_tombstone bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    in_source CONSTANT smallint := CASE WHEN in_urn IS NOT NULL THEN emergency_source(in_urn, in_topic, in_department) END;
BEGIN
    INSERT INTO data_key (data_key_id, wrapped) VALUES (in_key, in_wrapped);
    INSERT INTO parked AS p (topic, part, off, source_id, event_id, code, field, rule, stage, first_seen, attempts, state,
                             data_key_id, body, tombstone)
    VALUES (in_topic, in_part, in_off, in_source, in_event_id, in_code, in_field, in_rule, in_stage, now(), 1, 'parked',
            in_key, in_body, in_tombstone)
    ON CONFLICT (topic, part, off) DO UPDATE SET attempts = p.attempts + 1, state = 'parked', code = excluded.code,
        field = excluded.field, rule = excluded.rule, stage = excluded.stage, data_key_id = excluded.data_key_id,
        body = excluded.body, tombstone = excluded.tombstone;
    PERFORM emergency_count(in_topic, coalesce(in_source, 0::smallint), 'refused');
END
$$;

-- Whom an emergency is about, and what its encrypted part may hold, with the key; no body once it was erased.
CREATE FUNCTION emergency_sealed(in_emergency bigint)
RETURNS TABLE (child_person bigint, data_key_id bigint, wrapped bytea, body bytea)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    SELECT e.child_person, k.data_key_id, k.wrapped, e.body
    FROM emergency e LEFT JOIN data_key k USING (data_key_id)
    WHERE e.emergency_id = in_emergency
$$;

-- ---- what follows ----

-- A post's answer: its outcome goes back to who fed the emergency; who cannot is relieved by its lead, or by a human.
CREATE FUNCTION emergency_answered(in_alert alert, in_post post, in_state text, in_outcome text) RETURNS boolean
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    lead text;
    is_rerouted boolean := false;
BEGIN
    IF in_state IN ('closed', 'cannot') AND in_outcome IS NOT NULL THEN
        INSERT INTO outbox (kind, topic, key, payload, not_before)
        SELECT 'outcome', coalesce('hulei.receipt.' || substring(s.topic FROM '^hulei[.]feed[.](.+)$'),
                                   'hulei.receipt.' || s.department || '.emergency'), s.urn,
               convert_to(jsonb_build_object('source', s.urn, 'outcomes', jsonb_build_array(jsonb_build_object(
                   'subject', e.subject, 'outcome', in_outcome, 'by', in_post.view,
                   'at', to_char(clock() AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'))))::text, 'UTF8'),
               clock()
        FROM emergency e JOIN source s USING (source_id)
        WHERE e.emergency_id = in_alert.emergency_id;
    END IF;
    IF in_state = 'cannot' OR in_outcome IN ('wrong_person', 'wrong_address') THEN
        SELECT l.post_id INTO lead FROM post l WHERE l.post_id = post_lead(in_post.post_id) AND l.active;
        is_rerouted := lead IS NOT NULL AND alert_hand_on(in_alert, in_post.post_id, lead, 0);
        IF NOT is_rerouted THEN
            PERFORM alert_ask_human(in_alert.alert_id, in_alert.tier, in_post.post_id, 'CANNOT');
        END IF;
    END IF;
    RETURN is_rerouted;
END
$$;

-- Once a minute: what is too old is erased with its key, and guardians nobody told are put before a human.
CREATE FUNCTION emergency_turn(OUT erased bigint, OUT asked bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    keys bigint[];
BEGIN
    WITH old AS (
        UPDATE emergency o SET body = NULL, reporter = NULL, erased_at = clock(), data_key_id = NULL
        FROM emergency e
        WHERE o.emergency_id = e.emergency_id AND e.erased_at IS NULL
          AND e.taken_at <= (SELECT clock()) - (SELECT make_interval(days => s.value::int) FROM setting s
                                                WHERE s.name = 'emergency_keep_days')
        RETURNING e.data_key_id
    )
    SELECT count(*), array_agg(data_key_id) INTO erased, keys FROM old;
    DELETE FROM data_key WHERE data_key_id = ANY (keys);

    WITH due AS (
        UPDATE emergency_notice n SET asked_at = clock()
        FROM emergency e
        WHERE n.emergency_id = e.emergency_id AND n.given_at IS NULL AND n.asked_at IS NULL AND n.due_at <= (SELECT clock())
        RETURNING e.public_id
    ), opened AS (
        INSERT INTO review_task (kind, tier, due_at, detail)
        SELECT 'notice', 2, review_due(2::smallint, clock()), jsonb_build_object('emergency', d.public_id) FROM due d
        ON CONFLICT DO NOTHING
        RETURNING 1
    )
    SELECT count(*) INTO asked FROM opened;
    IF erased + asked > 0 THEN
        PERFORM audit_append('emergency', 'courier', 'courier', 'emergency_turn', 'emergency', NULL, NULL,
                             jsonb_build_object('erased', erased, 'notices_overdue', asked));
    END IF;
END
$$;
COMMENT ON FUNCTION emergency_turn IS 'Erasure after emergency_keep_days, and the escalation of notices; how many of each.';

-- A named human says that the guardians were told.
CREATE FUNCTION notice_given(in_emergency text, in_account bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    id bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM account WHERE account_id = in_account AND NOT locked) THEN
        RAISE EXCEPTION 'no such account' USING ERRCODE = 'HL003';
    END IF;
    UPDATE emergency_notice n SET given_at = clock(), given_by = in_account
    FROM emergency e
    WHERE e.public_id = in_emergency AND n.emergency_id = e.emergency_id AND n.given_at IS NULL
    RETURNING n.emergency_id INTO id;
    IF id IS NULL THEN
        RAISE EXCEPTION 'no notice is open' USING ERRCODE = 'HL002';
    END IF;
    UPDATE review_task SET state = 'done', closed_at = clock()
    WHERE kind = 'notice' AND state = 'open' AND detail->>'emergency' = in_emergency;
    PERFORM audit_append('console', (SELECT name FROM account WHERE account_id = in_account), 'console', 'notice_given',
                         'emergency', NULL, NULL, jsonb_build_object('emergency', in_emergency));
END
$$;
COMMENT ON FUNCTION notice_given IS 'HL002: there is no such notice, or it was given; HL003: not an account that may say so.';

-- For the status: how many of what. A watch that was not heard is unknown; nothing here says that anybody is well.
CREATE FUNCTION emergency_counts() RETURNS TABLE (name text, n bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    SELECT lower(e.rule), count(*) FROM emergency e GROUP BY e.rule
    UNION ALL
    SELECT 'notices_open', count(*) FROM emergency_notice WHERE given_at IS NULL
    UNION ALL
    SELECT 'notices_overdue', count(*) FROM emergency_notice WHERE given_at IS NULL AND due_at <= (SELECT clock())
    UNION ALL
    SELECT CASE WHEN d.heard_at > (SELECT clock()) - make_interval(secs => s.value::int) THEN 'watches_heard'
                ELSE 'watches_unknown' END, count(*)
    FROM sos_device d CROSS JOIN (SELECT value FROM setting WHERE name = 'sos_silence_s') AS s
    GROUP BY 1
    ORDER BY 1
$$;

GRANT USAGE ON SEQUENCE emergency_key TO hulei_courier;
REVOKE ALL ON FUNCTION emergency_child, emergency_source, emergency_count, emergency_alert, emergency_take, emergency_park,
    emergency_sealed, emergency_answered, emergency_turn, notice_given, emergency_counts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION emergency_child, emergency_take, emergency_park, emergency_sealed, emergency_turn, emergency_counts
    TO hulei_courier;
GRANT EXECUTE ON FUNCTION notice_given TO hulei_console;
