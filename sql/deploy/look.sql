-- Deploy hulei:look to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE TABLE post_certificate (
    fingerprint bytea PRIMARY KEY CHECK (length(fingerprint) = 32),
    post_id     text NOT NULL REFERENCES post ON DELETE CASCADE
);
COMMENT ON TABLE post_certificate IS 'SHA-256 of client certificates by which posts'' own systems are known.';

-- DOMAIN.md C.4, the rows of identity: whom a post may be told of, and where the values may come from.
CREATE TABLE unmask_right (
    view text NOT NULL CHECK (view IN ('police', 'judicial', 'civil', 'education', 'community', 'office')),
    side text NOT NULL CHECK (side IN ('child', 'risk')),
    rule text NOT NULL CHECK (rule IN ('never', 'unmask', 'own', 'own_pupils', 'own_residents', 'own_register')),
    PRIMARY KEY (view, side)
);
COMMENT ON TABLE unmask_right IS 'As config/policy/views.yaml has it (a test compares): unmask, of any alert it received; own..., only what its own department told of the person.';
INSERT INTO unmask_right VALUES
    ('police', 'child', 'unmask'), ('judicial', 'child', 'never'), ('civil', 'child', 'own'),
    ('education', 'child', 'own_pupils'), ('community', 'child', 'own_residents'), ('office', 'child', 'never'),
    ('police', 'risk', 'unmask'), ('judicial', 'risk', 'own_register'), ('civil', 'risk', 'never'),
    ('education', 'risk', 'never'), ('community', 'risk', 'never'), ('office', 'risk', 'never');

CREATE TABLE person_look (
    look_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor     text NOT NULL,
    person_id bigint NOT NULL,
    side      text NOT NULL CHECK (side IN ('child', 'risk')),
    rule      text NOT NULL,
    purpose   text NOT NULL,
    task_id   bigint,
    alert_id  text,
    xact      xid8 NOT NULL DEFAULT pg_current_xact_id()
);
COMMENT ON TABLE person_look IS 'Every unmasking, by an account or by a post''s machine (post:ID): the quota counts them.';
CREATE INDEX person_look_actor ON person_look (actor, at);
CREATE INDEX person_look_person ON person_look (person_id, at);

CREATE TABLE canary_record (record_id bigint PRIMARY KEY REFERENCES record ON DELETE CASCADE);
COMMENT ON TABLE canary_record IS 'Invented records that nobody has a reason to open: whoever does is reported.';

CREATE TABLE look_request (
    look_request_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id  text NOT NULL UNIQUE DEFAULT 'lk-' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 16),
    account_id bigint NOT NULL REFERENCES account,
    person_id  bigint NOT NULL,
    side       text NOT NULL,
    purpose    text NOT NULL,
    task_id    bigint,
    alert_id   text,
    post_id    text,
    asked_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    state      text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'approved', 'refused', 'used', 'expired')),
    decided_by bigint REFERENCES account CHECK (decided_by <> account_id)
);
COMMENT ON TABLE look_request IS 'A child is shown to one who does not keep its file only when a second person agrees; for a day.';

INSERT INTO setting VALUES ('looks_a_day', '30');

-- ---- what a look rests on ----

-- True when today's quota of the actor is used up; the officer is told once a day.
CREATE FUNCTION look_is_over_quota(in_actor text) RETURNS boolean
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    since CONSTANT timestamptz := date_trunc('day', clock_timestamp() AT TIME ZONE 'Asia/Shanghai') AT TIME ZONE 'Asia/Shanghai';
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('look ' || in_actor, 0)); -- two at once are still counted one by one
    IF (SELECT count(*) FROM person_look WHERE actor = in_actor AND at >= since)
       < (SELECT value::int FROM setting WHERE name = 'looks_a_day') THEN
        RETURN false;
    END IF;
    INSERT INTO watch_alarm (rule, actor, detail) SELECT 'quota', in_actor, '{}'
    WHERE NOT EXISTS (SELECT FROM watch_alarm w WHERE w.rule = 'quota' AND w.actor = in_actor AND w.at >= since);
    RETURN true;
END
$$;

CREATE FUNCTION look_watch(in_actor text, in_person bigint) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    hour CONSTANT int := extract(hour FROM clock_timestamp() AT TIME ZONE 'Asia/Shanghai');
BEGIN
    INSERT INTO watch_alarm (rule, actor, detail)
    SELECT 'canary', in_actor, '{}' WHERE EXISTS (SELECT FROM mention m JOIN canary_record USING (record_id)
                                                  WHERE m.person_id = in_person);
    INSERT INTO watch_alarm (rule, actor, detail)
    SELECT 'many_users', in_actor, jsonb_build_object('actors', count(DISTINCT actor)) FROM person_look
    WHERE person_id = in_person AND at > clock_timestamp() - interval '30 days' HAVING count(DISTINCT actor) > 3;
    INSERT INTO watch_alarm (rule, actor, detail)
    SELECT 'out_of_hours', in_actor, jsonb_build_object('hour', hour) WHERE hour < 6 OR hour >= 22;
END
$$;

-- The look itself: row, audit entry, watch rules. The subject is the person's pseudonym in the chain.
CREATE FUNCTION look_write(in_actor text, in_role text, in_person bigint, in_side text, in_rule text, in_purpose text,
                           in_task bigint, in_alert text, in_subject bytea) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
BEGIN
    INSERT INTO person_look (actor, person_id, side, rule, purpose, task_id, alert_id)
    VALUES (in_actor, in_person, in_side, in_rule, in_purpose, in_task, in_alert);
    PERFORM look_watch(in_actor, in_person);
    PERFORM audit_append('console', in_actor, in_role, CASE in_role WHEN 'post' THEN 'unmask' ELSE 'look' END, in_purpose,
                         in_subject, in_alert, jsonb_strip_nulls(jsonb_build_object('side', in_side, 'rule', in_rule,
                             'task', (SELECT t.public_id FROM review_task t WHERE t.task_id = in_task))));
END
$$;

CREATE FUNCTION look_used(in_actor text) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT jsonb_build_object('used', count(*), 'limit', (SELECT value::int FROM setting WHERE name = 'looks_a_day'))
    FROM person_look WHERE actor = in_actor
      AND at >= date_trunc('day', clock_timestamp() AT TIME ZONE 'Asia/Shanghai') AT TIME ZONE 'Asia/Shanghai'
$$;

CREATE FUNCTION look_mine() RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$ SELECT look_used((session_scope()).account) $$;

-- Whose department told what `rule` allows; NULL: any.
CREATE FUNCTION look_department(in_rule text) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE in_rule WHEN 'own' THEN 'civil-affairs' WHEN 'own_pupils' THEN 'education' WHEN 'own_register' THEN 'judicial' END;

CREATE FUNCTION look_is_own(in_person bigint, in_rule text, in_post text, in_areas text[]) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
RETURN CASE WHEN in_rule = 'unmask' THEN true
            WHEN in_rule = 'own_residents' THEN EXISTS (
                SELECT FROM post_area a WHERE a.post_id = in_post AND regexp_replace(a.area_code, '(000){1,2}$', '') = ANY (in_areas))
            WHEN in_rule = 'never' THEN false
            ELSE EXISTS (SELECT FROM mention m JOIN record r USING (record_id) JOIN source s USING (source_id)
                         WHERE m.person_id = in_person AND s.department = look_department(in_rule)) END;

-- An alert is a ground while it stands with the post.
CREATE FUNCTION look_ground(in_alert text, in_post text, OUT pair_id bigint)
LANGUAGE plpgsql STABLE
SET search_path = hulei, pg_temp
AS $$
DECLARE
    d delivery;
BEGIN
    SELECT * INTO d FROM delivery WHERE alert_id = in_alert AND post_id = in_post;
    SELECT a.pair_id INTO pair_id FROM alert a WHERE a.alert_id = in_alert;
    IF d.alert_id IS NULL OR pair_id IS NULL THEN
        RAISE EXCEPTION 'no such alert' USING ERRCODE = 'HL021';
    ELSIF d.state NOT IN ('sent', 'acked', 'acting')
          OR NOT EXISTS (SELECT FROM alert_standing(pair_id) AS s WHERE s.alert_id = in_alert AND s.post_id = in_post) THEN
        RAISE EXCEPTION 'the alert is not open' USING ERRCODE = 'HL024';
    END IF;
END
$$;

CREATE FUNCTION look_person_of(in_pair_id bigint, in_side text) RETURNS bigint
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
RETURN (SELECT CASE in_side WHEN 'child' THEN p.child_person ELSE p.risk_person END FROM pair p WHERE p.pair_id = in_pair_id);

-- ---- a post's own system ----

-- Whom an alert is about, for the certificate's post: the person to make the subject of, or the refusal.
CREATE FUNCTION unmask_find(in_certificate bytea, in_alert text, in_side text, OUT post_id text, OUT person_id bigint,
                            OUT rule text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    of_pair bigint;
BEGIN
    SELECT c.post_id INTO post_id FROM post_certificate c JOIN post p USING (post_id)
    WHERE c.fingerprint = in_certificate AND p.active;
    IF post_id IS NULL THEN
        RAISE EXCEPTION 'no post has this certificate' USING ERRCODE = 'HL034';
    END IF;
    of_pair := look_ground(in_alert, post_id);
    person_id := look_person_of(of_pair, in_side);
    SELECT r.rule INTO rule FROM unmask_right r JOIN post p ON p.view = r.view
    WHERE p.post_id = unmask_find.post_id AND r.side = in_side;
    IF person_id IS NULL THEN
        RAISE EXCEPTION 'the alert names none' USING ERRCODE = 'HL021';
    ELSIF NOT look_is_own(person_id, rule, post_id, (SELECT p.areas FROM pair p WHERE p.pair_id = of_pair)) THEN
        RAISE EXCEPTION 'not for this post' USING ERRCODE = 'HL003';
    END IF;
END
$$;

-- False: the quota is used up. The caller commits in any case.
CREATE FUNCTION unmask(in_certificate bytea, in_alert text, in_side text, in_purpose text, in_subject bytea,
                       OUT is_shown boolean, OUT looks jsonb)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    whom record;
BEGIN
    SELECT * INTO whom FROM unmask_find(in_certificate, in_alert, in_side);
    is_shown := NOT look_is_over_quota('post:' || whom.post_id);
    IF is_shown THEN
        PERFORM look_write('post:' || whom.post_id, 'post', whom.person_id, in_side, whom.rule, in_purpose, NULL, in_alert,
                           in_subject);
    END IF;
    looks := look_used('post:' || whom.post_id);
END
$$;

-- ---- a person at the console ----

CREATE FUNCTION look_find(in_task text, in_alert text, in_post text, in_side text, OUT task_id bigint, OUT person_id bigint,
                          OUT rule text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := session_scope();
    t review_task;
BEGIN
    IF in_task IS NOT NULL THEN
        t := desk_find(in_task);
        IF t.state <> 'open' OR t.pair_id IS NULL THEN
            RAISE EXCEPTION 'the task is not open' USING ERRCODE = 'HL024';
        END IF;
        task_id := t.task_id;
        person_id := look_person_of(t.pair_id, in_side);
        rule := 'unmask';
    ELSIF NOT in_post = ANY (s.posts) THEN
        RAISE EXCEPTION 'no such alert' USING ERRCODE = 'HL021';
    ELSE
        person_id := look_person_of(look_ground(in_alert, in_post), in_side);
        SELECT r.rule INTO rule FROM unmask_right r JOIN post p ON p.view = r.view WHERE p.post_id = in_post AND r.side = in_side;
        IF NOT look_is_own(person_id, rule, in_post, (SELECT p.areas FROM pair p JOIN alert a USING (pair_id) WHERE a.alert_id = in_alert)) THEN
            RAISE EXCEPTION 'not for this post' USING ERRCODE = 'HL003';
        END IF;
    END IF;
    IF person_id IS NULL THEN
        RAISE EXCEPTION 'it names none' USING ERRCODE = 'HL021';
    END IF;
END
$$;

CREATE FUNCTION look_request_json(in_request look_request, in_account_id bigint) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
RETURN jsonb_build_object(
    'look', in_request.public_id, 'task', (SELECT t.public_id FROM review_task t WHERE t.task_id = in_request.task_id),
    'alert', in_request.alert_id, 'side', in_request.side, 'purpose', in_request.purpose,
    'asked_by', (SELECT a.name FROM account a WHERE a.account_id = in_request.account_id),
    'asked_at', rfc_time(in_request.asked_at),
    'state', CASE WHEN in_request.state IN ('waiting', 'approved') AND in_request.asked_at < clock_timestamp() - interval '1 day'
                  THEN 'expired' ELSE in_request.state END,
    'decided_by', (SELECT a.name FROM account a WHERE a.account_id = in_request.decided_by),
    'mine', in_request.account_id = in_account_id);

-- `verdict`: shown, asked (a second person must agree first) or quota. The caller commits in any case.
CREATE FUNCTION look(in_task text, in_alert text, in_post text, in_side text, in_purpose text, in_subject bytea,
                     OUT verdict text, OUT looks jsonb, OUT request jsonb)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := session_scope();
    whom record;
    asked look_request;
BEGIN
    SELECT * INTO whom FROM look_find(in_task, in_alert, in_post, in_side);
    -- A child, and the file is not the asker's own: a second person.
    IF in_side = 'child' AND whom.rule NOT IN ('own', 'own_pupils', 'own_residents') THEN
        UPDATE look_request q SET state = 'used'
        WHERE q.account_id = s.account_id AND q.person_id = whom.person_id AND q.purpose = in_purpose
          AND q.state = 'approved' AND q.asked_at > clock_timestamp() - interval '1 day';
        IF NOT FOUND THEN
            SELECT * INTO asked FROM look_request q
            WHERE q.account_id = s.account_id AND q.person_id = whom.person_id AND q.purpose = in_purpose
              AND q.state = 'waiting' AND q.asked_at > clock_timestamp() - interval '1 day';
            IF asked.look_request_id IS NULL THEN
                INSERT INTO look_request (account_id, person_id, side, purpose, task_id, alert_id, post_id)
                VALUES (s.account_id, whom.person_id, in_side, in_purpose, whom.task_id, in_alert, in_post)
                RETURNING * INTO asked;
                PERFORM audit_append('console', s.account, 'console', 'look_ask', in_purpose, in_subject, in_alert,
                                     jsonb_build_object('look', asked.public_id));
            END IF;
            verdict := 'asked';
            request := look_request_json(asked, s.account_id);
            RETURN;
        END IF;
    END IF;
    verdict := CASE WHEN look_is_over_quota(s.account) THEN 'quota' ELSE 'shown' END;
    IF verdict = 'shown' THEN
        PERFORM look_write(s.account, 'console', whom.person_id, in_side, whom.rule, in_purpose, whom.task_id, in_alert, in_subject);
    END IF;
    looks := look_used(s.account);
END
$$;
COMMENT ON FUNCTION look IS 'The only door to what is masked: counts the quota and writes the audit entry in the same transaction.';

-- The second person has the role, and the task or the alert is within what that account may see, too.
CREATE FUNCTION look_is_mine_to_judge(in_request look_request, in_scope scope) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
RETURN coalesce(in_scope.roles && ARRAY['reviewer', 'second_reviewer', 'post_lead'], false)
    AND in_request.account_id <> in_scope.account_id
    AND (in_request.post_id = ANY (in_scope.posts)
         OR EXISTS (SELECT FROM review_task t WHERE t.task_id = in_request.task_id AND t.areas && in_scope.review_areas)
         OR EXISTS (SELECT FROM alert a JOIN pair p USING (pair_id)
                    WHERE a.alert_id = in_request.alert_id AND p.areas && in_scope.review_areas));

CREATE FUNCTION look_list() RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    SELECT jsonb_build_object('items', coalesce(jsonb_agg(o.row), '[]'))
    FROM (SELECT look_request_json(q, s.account_id) AS row
          FROM session_scope() AS s JOIN look_request q
            ON q.account_id = s.account_id
               OR (q.state = 'waiting' AND q.asked_at > clock_timestamp() - interval '1 day'
                   AND look_is_mine_to_judge(q, s))
          ORDER BY q.look_request_id DESC LIMIT 100) AS o
$$;

CREATE FUNCTION look_decide(in_look text, in_verdict text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := session_scope();
    q look_request;
BEGIN
    SELECT * INTO q FROM look_request WHERE public_id = in_look FOR UPDATE;
    IF NOT coalesce(s.roles && ARRAY['reviewer', 'second_reviewer', 'post_lead'], false) THEN
        RAISE EXCEPTION 'not for this role' USING ERRCODE = 'HL003';
    ELSIF q.account_id = s.account_id THEN
        RAISE EXCEPTION 'a second person' USING ERRCODE = 'HL013';
    ELSIF q.look_request_id IS NULL OR NOT look_is_mine_to_judge(q, s) THEN
        RAISE EXCEPTION 'no such request' USING ERRCODE = 'HL021';
    ELSIF q.state <> 'waiting' OR q.asked_at < clock_timestamp() - interval '1 day' THEN
        RAISE EXCEPTION 'it does not wait' USING ERRCODE = 'HL026';
    END IF;
    UPDATE look_request SET state = CASE in_verdict WHEN 'approve' THEN 'approved' ELSE 'refused' END, decided_by = s.account_id
    WHERE look_request_id = q.look_request_id RETURNING * INTO q;
    PERFORM audit_append('console', s.account, 'console', 'look_' || in_verdict, q.purpose, NULL, q.alert_id,
                         jsonb_build_object('look', in_look));
    RETURN look_request_json(q, s.account_id);
END
$$;

-- ---- the sealed values ----

-- Only of a person a look of this very transaction is about.
CREATE FUNCTION look_records() RETURNS TABLE (record_id bigint, slot smallint, department text, type smallint, role smallint,
                                              as_of text, body bytea, data_key_id bigint, wrapped bytea, rule text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    SELECT r.record_id, m.slot, s.department, r.type, m.role,
           to_char(r.version_time AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'), r.body, r.data_key_id, k.wrapped, l.rule
    FROM person_look l
    JOIN mention m USING (person_id)
    JOIN record r ON r.record_id = m.record_id AND r.state = 'live' AND r.body IS NOT NULL
    JOIN source s USING (source_id)
    JOIN data_key k USING (data_key_id)
    WHERE l.xact = pg_current_xact_id() AND (look_department(l.rule) IS NULL OR s.department = look_department(l.rule))
    ORDER BY r.version_time DESC, r.record_id, m.slot
    LIMIT 64
$$;

REVOKE ALL ON post_certificate, unmask_right, person_look, canary_record, look_request FROM PUBLIC;
REVOKE ALL ON FUNCTION look_is_over_quota, look_watch, look_write, look_used, look_mine, look_department, look_is_own, look_ground, look_person_of,
    unmask_find, unmask, look_find, look_request_json, look, look_is_mine_to_judge, look_list, look_decide, look_records FROM PUBLIC;
GRANT EXECUTE ON FUNCTION look_mine, unmask_find, unmask, look_find, look, look_list, look_decide, look_records TO hulei_console;
