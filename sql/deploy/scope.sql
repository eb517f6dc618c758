-- Deploy hulei:scope to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- What a person may see, PostgreSQL decides: the console runs statements as a role of its own, and rows that the
-- session's account has no business with are not there. A session is known by a token only its browser has, so that
-- whoever can run SQL as the console's role still sees nothing without one.

-- ---- what the session is entitled to ----

CREATE TYPE scope AS (
    account_id   bigint,
    account      text,
    roles        text[],
    review_areas text[],  -- of review tasks and pairs; '*' is the whole deployment
    posts        text[],  -- whose deliveries are seen
    departments  text[],  -- whose feeds are seen
    is_auditor   boolean
);

CREATE FUNCTION account_posts(in_account account) RETURNS text[]
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    -- An officer has his own posts, a lead those below, too.
    WITH RECURSIVE mine AS (
        SELECT p.post_id, 0 AS depth FROM post p
        WHERE p.post_id = ANY (in_account.posts) AND in_account.roles && ARRAY['post_officer', 'post_lead']
        UNION ALL
        SELECT p.post_id, m.depth + 1 FROM mine m JOIN post p ON p.lead_post = m.post_id
        WHERE 'post_lead' = ANY (in_account.roles) AND m.depth < 8)
    SELECT coalesce(array_agg(DISTINCT post_id), '{}') FROM mine
$$;

CREATE FUNCTION session_scope() RETURNS scope
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    SELECT a.account_id, a.name, a.roles,
           CASE WHEN a.roles && ARRAY['reviewer', 'second_reviewer']
                THEN CASE WHEN a.areas = '{}' THEN ARRAY['*'] ELSE a.areas END ELSE '{}' END,
           account_posts(a),
           CASE WHEN NOT 'operator' = ANY (a.roles) THEN '{}'
                WHEN a.department IS NOT NULL THEN ARRAY[a.department]
                ELSE (SELECT coalesce(array_agg(DISTINCT s.department), '{}') FROM source s) END,
           'auditor' = ANY (a.roles)
    FROM session s JOIN account a USING (account_id)
    WHERE s.token_hash = token_hash(current_setting('hulei.session', true)) AND s.state = 'active' AND NOT a.locked
      AND s.ends_at > clock_timestamp()
      AND s.seen_at > clock_timestamp() - setting_seconds('session_idle_s')
$$;
COMMENT ON FUNCTION session_scope IS 'What the account of this transaction''s session may see; NULL without one. Policies ask (SELECT session_scope()), once a statement.';

-- `hulei review`: the kernel said who calls, the console passes it on. A session of one transaction, for accounts that
-- are bound to an OS user.
CREATE FUNCTION session_begin_local(in_os_user text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    token CONSTANT text := gen_random_uuid()::text || gen_random_uuid()::text;
    who bigint;
BEGIN
    SELECT account_id INTO who FROM account WHERE os_user = in_os_user AND NOT locked;
    IF who IS NOT NULL THEN
        INSERT INTO session (token_hash, account_id, state, ends_at)
        VALUES (token_hash(token), who, 'active', clock_timestamp() + interval '1 minute');
        PERFORM set_config('hulei.session', token, true);
    END IF;
    RETURN who;
END
$$;

-- The console's role acts for nobody but who its session was given to.
CREATE FUNCTION session_speaks_for(in_account_id bigint) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = hulei, pg_temp
AS $$
BEGIN
    IF session_user = 'hulei_console' AND in_account_id IS DISTINCT FROM (session_scope()).account_id THEN
        RAISE EXCEPTION 'the session is of another account' USING ERRCODE = 'HL003';
    END IF;
END
$$;

-- ---- tasks stand where their pairs do ----

UPDATE review_task t SET areas = p.areas FROM pair p WHERE p.pair_id = t.pair_id;

CREATE FUNCTION review_task_place() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    -- A pair that was retracted has no areas any more: its tasks keep theirs.
    SELECT CASE WHEN p.evidence = '{}' AND TG_OP = 'UPDATE' THEN NEW.areas ELSE p.areas END INTO NEW.areas
    FROM pair p WHERE p.pair_id = NEW.pair_id;
    RETURN NEW;
END
$$;
CREATE TRIGGER review_task_placed BEFORE INSERT OR UPDATE ON review_task
    FOR EACH ROW WHEN (NEW.pair_id IS NOT NULL) EXECUTE FUNCTION review_task_place();
CREATE INDEX review_task_queue ON review_task (coalesce(tier, 9::smallint), coalesce(due_at, 'infinity'), task_id)
    WHERE state = 'open';

-- ---- who sees which rows ----

DO $$
DECLARE
    of_table text;
BEGIN
    FOREACH of_table IN ARRAY ARRAY['pair', 'pair_log', 'review_task', 'decision', 'alert', 'delivery', 'ack', 'source',
                                    'feed_counter', 'parked', 'audit_entry', 'audit_lane'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', of_table);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', of_table);
        -- The functions that are the doors, and the roles that work without a person: their rights are grants'.
        EXECUTE format('CREATE POLICY doors ON %I TO hulei_owner, hulei_engine, hulei_courier, hulei_auditor USING (true) WITH CHECK (true)', of_table);
    END LOOP;
END
$$;
CREATE POLICY session_area ON pair FOR SELECT TO hulei_console
    USING (areas && (SELECT (session_scope()).review_areas));
CREATE POLICY session_area ON review_task FOR SELECT TO hulei_console
    USING (areas && (SELECT (session_scope()).review_areas));
CREATE POLICY session_area ON pair_log FOR SELECT TO hulei_console
    USING (EXISTS (SELECT FROM pair p WHERE p.pair_id = pair_log.pair_id));
CREATE POLICY session_area ON decision FOR SELECT TO hulei_console
    USING (EXISTS (SELECT FROM pair p WHERE p.pair_id = decision.pair_id));
CREATE POLICY session_post ON delivery FOR SELECT TO hulei_console
    USING (post_id = ANY ((SELECT (session_scope()).posts)::text[]));
CREATE POLICY session_post ON ack FOR SELECT TO hulei_console
    USING (post_id = ANY ((SELECT (session_scope()).posts)::text[]));
CREATE POLICY session_post ON alert FOR SELECT TO hulei_console
    USING (EXISTS (SELECT FROM delivery d WHERE d.alert_id = alert.alert_id));
CREATE POLICY session_department ON source FOR SELECT TO hulei_console
    USING (department = ANY ((SELECT (session_scope()).departments)::text[]));
CREATE POLICY session_department ON feed_counter FOR SELECT TO hulei_console
    USING (source_id IN (SELECT s.source_id FROM source s));
CREATE POLICY session_department ON parked FOR SELECT TO hulei_console
    USING (source_id IN (SELECT s.source_id FROM source s));
CREATE POLICY session_auditor ON audit_entry FOR SELECT TO hulei_console
    USING ((SELECT (session_scope()).is_auditor));
CREATE POLICY session_auditor ON audit_lane FOR SELECT TO hulei_console
    USING ((SELECT (session_scope()).is_auditor));

-- ---- the own account ----

CREATE FUNCTION rfc_time(at timestamptz) RETURNS text
LANGUAGE sql STABLE
RETURN to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"');
COMMENT ON FUNCTION rfc_time IS 'RFC 3339 in China Standard Time, as messages and the API write it.';

CREATE FUNCTION session_me() RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    SELECT jsonb_build_object(
        'account', s.account, 'roles', s.roles, 'areas', a.areas, 'posts', a.posts, 'department', a.department,
        'idle_s', (SELECT value::int FROM setting WHERE name = 'session_idle_s'),
        'ends_at', rfc_time((SELECT x.ends_at FROM session x
                             WHERE x.token_hash = token_hash(current_setting('hulei.session', true)))),
        'now', rfc_time(clock_timestamp()))
    FROM session_scope() AS s JOIN account a USING (account_id)
$$;

-- ---- something changed: live queues look again ----

CREATE FUNCTION console_tell() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM pg_notify('hulei_console', TG_ARGV[0]);
    RETURN NULL;
END
$$;
CREATE TRIGGER console_hears AFTER INSERT OR UPDATE ON review_task FOR EACH STATEMENT EXECUTE FUNCTION console_tell('queue');
CREATE TRIGGER console_hears AFTER INSERT OR UPDATE ON delivery FOR EACH STATEMENT EXECUTE FUNCTION console_tell('inbox');
CREATE TRIGGER console_hears AFTER INSERT OR UPDATE ON feed_counter FOR EACH STATEMENT EXECUTE FUNCTION console_tell('feeds');

REVOKE ALL ON FUNCTION account_posts, session_scope, session_speaks_for, session_begin_local, review_task_place, rfc_time,
    session_me, console_tell FROM PUBLIC;
GRANT EXECUTE ON FUNCTION session_scope, session_begin_local, session_me TO hulei_console;
GRANT EXECUTE ON FUNCTION rfc_time TO hulei_console;
GRANT SELECT ON delivery, alert, post, post_area, source, feed_counter, audit_entry, audit_lane TO hulei_console;
GRANT SELECT (ack_id, post_id, alert_id, state, outcome_code, who, at, verdict, received_at) ON ack TO hulei_console;
GRANT SELECT (parked_id, topic, source_id, code, field, rule, stage, first_seen, state) ON parked TO hulei_console;
