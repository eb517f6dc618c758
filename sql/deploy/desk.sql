-- Deploy hulei:desk to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- ---- the queue ----

-- Rows as the session may see them: the view runs with the caller's rights, and so do the policies behind it.
CREATE VIEW desk_task WITH (security_invoker = true) AS
SELECT t.task_id, t.public_id, t.kind, t.state, t.tier, t.pair_id, t.closed_at,
       coalesce(t.tier, 9::smallint) AS order_tier, coalesce(t.due_at, 'infinity') AS order_due,
       t.assigned_account, p.risk_person, p.version, p.rule, p.reasons,
       coalesce(t.due_at < (SELECT clock()), false) AND t.state = 'open' AS is_overdue,
       jsonb_build_object(
           'task', t.public_id, 'kind', t.kind, 'state', t.state, 'tier', t.tier, 'due', rfc_time(t.due_at),
           'opened', rfc_time(t.opened_at), 'overdue', coalesce(t.due_at < (SELECT clock()), false) AND t.state = 'open',
           'claimed_by', (SELECT a.name FROM account a WHERE a.account_id = t.assigned_account),
           'mine', coalesce(t.assigned_account = (SELECT (session_scope()).account_id), false),
           'identity', CASE WHEN t.kind = 'identity' THEN 'one_or_two'
                            ELSE concat_ws('+', CASE WHEN p.evidence->>'child_grade' = 'probable' THEN 'child' END,
                                                CASE WHEN p.evidence->>'risk_grade' = 'probable' THEN 'risk' END) END,
           'pair', p.public_id, 'subject', p.subject, 'version', p.version, 'pair_state', p.state, 'rule', p.rule,
           'reasons', coalesce(to_jsonb(p.reasons), '[]'), 'area', p.evidence->'areas'->>0,
           'sign_due', rfc_time((SELECT s.due_at FROM review_task s
                                 WHERE s.pair_id = t.pair_id AND s.kind = 'sign' AND s.state = 'open'))) AS row
FROM review_task t
LEFT JOIN pair p ON p.pair_id = t.pair_id;

-- `at` as its part of a cursor, and back.
CREATE FUNCTION cursor_time(at timestamptz) RETURNS text
LANGUAGE sql STABLE
RETURN CASE WHEN at = 'infinity' THEN 'inf' ELSE (extract(epoch FROM at) * 1000000)::bigint::text END;

CREATE FUNCTION cursor_parts(in_after text, in_form text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE
AS $$
BEGIN
    IF in_after IS NOT NULL AND in_after !~ in_form THEN
        RAISE EXCEPTION 'no such place in the list' USING ERRCODE = 'HL031';
    END IF;
    RETURN string_to_array(in_after, ':');
END
$$;

CREATE FUNCTION desk_list(in_state text, in_kind text, in_tier smallint, in_overdue boolean, in_after text,
                          in_limit int) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = hulei, pg_temp
AS $$
DECLARE
    at CONSTANT text[] := cursor_parts(in_after, '^[0-9]:(inf|-?[0-9]{1,17}):[0-9]{1,18}$');
    after_tier CONSTANT smallint := coalesce(at[1]::smallint, -1);
    after_due CONSTANT timestamptz := CASE WHEN at[2] = 'inf' THEN 'infinity'
        ELSE timestamptz 'epoch' + coalesce(at[2]::bigint, 0) * interval '1 microsecond' END;
    after_id CONSTANT bigint := coalesce(at[3]::bigint, 0);
    me CONSTANT bigint := (session_scope()).account_id;
    page jsonb;
    next text;
BEGIN
    WITH found AS (
        SELECT d.* FROM desk_task d
        WHERE (d.order_tier, d.order_due, d.task_id) > (after_tier, after_due, after_id)
          AND CASE in_state WHEN 'done' THEN d.state <> 'open' AND d.closed_at > clock() - interval '7 days'
                            ELSE d.state = 'open' END
          AND (in_state <> 'mine' OR d.assigned_account = me)
          AND (in_state <> 'sign' OR d.kind = 'sign')
          AND (in_kind IS NULL OR d.kind = in_kind)
          AND (in_tier IS NULL OR d.tier = in_tier)
          AND (in_overdue IS NULL OR d.is_overdue = in_overdue)
        ORDER BY d.order_tier, d.order_due, d.task_id
        LIMIT in_limit + 1),
    numbered AS (SELECT f.*, row_number() OVER (ORDER BY f.order_tier, f.order_due, f.task_id) AS n FROM found f)
    SELECT coalesce(jsonb_agg(n.row ORDER BY n.n) FILTER (WHERE n.n <= in_limit), '[]'),
           max(concat_ws(':', n.order_tier, cursor_time(n.order_due), n.task_id)) FILTER (WHERE n.n = in_limit AND EXISTS (SELECT FROM numbered m WHERE m.n > in_limit))
    INTO page, next FROM numbered n;
    RETURN jsonb_build_object('items', page, 'next', next);
END
$$;

CREATE FUNCTION desk_counts() RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT jsonb_build_object('now', rfc_time(clock()), 'items', coalesce(jsonb_agg(jsonb_build_object(
        'kind', c.kind, 'tier', c.tier, 'open', c.open, 'overdue', c.overdue, 'mine', c.mine, 'unclaimed', c.unclaimed,
        'sign', c.sign)
        ORDER BY c.tier, c.kind), '[]'))
    FROM (SELECT t.kind, t.tier, count(*) AS open, count(*) FILTER (WHERE t.due_at < (SELECT clock())) AS overdue,
                 count(*) FILTER (WHERE t.assigned_account = (SELECT (session_scope()).account_id)) AS mine,
                 count(*) FILTER (WHERE t.assigned_account IS NULL) AS unclaimed,
                 count(*) FILTER (WHERE t.kind = 'sign') AS sign
          FROM review_task t WHERE t.state = 'open' GROUP BY t.kind, t.tier) AS c
$$;

CREATE FUNCTION desk_alike(in_task text) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT CASE WHEN m.task_id IS NOT NULL THEN jsonb_build_object('next', NULL, 'items', coalesce(
        (SELECT jsonb_agg(o.row ORDER BY o.task_id)
         FROM (SELECT d.task_id, d.row FROM desk_task d
               WHERE d.state = 'open' AND d.kind = m.kind AND d.risk_person = m.risk_person AND d.tier = m.tier
                 AND d.rule = m.rule AND d.reasons = m.reasons
               ORDER BY d.task_id LIMIT 50) AS o), '[]')) END
    FROM (SELECT 1) AS one LEFT JOIN desk_task m ON m.public_id = in_task
$$;

-- ---- doors: each asks first whether the session may see the task at all ----

CREATE FUNCTION desk_find(in_task text) RETURNS review_task
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := session_scope();
    t review_task;
BEGIN
    SELECT * INTO t FROM review_task WHERE public_id = in_task AND areas && s.review_areas;
    IF t.task_id IS NULL THEN
        RAISE EXCEPTION 'no such task' USING ERRCODE = 'HL021';
    END IF;
    RETURN t;
END
$$;

CREATE FUNCTION desk_records(in_task_id bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    t review_task;
BEGIN
    SELECT r.* INTO t FROM review_task r WHERE r.task_id = in_task_id AND r.areas && (session_scope()).review_areas;
    RETURN (
        WITH of_side AS (
            SELECT s.side, r.record_id, r.source_id, r.type
            FROM (VALUES ('child', (identity_persons(t, 'child'))[1], 'pair'), ('risk', (identity_persons(t, 'risk'))[1], 'pair'),
                         ('first', (identity_persons(t, 'both'))[1], 'identity'),
                         ('second', (identity_persons(t, 'both'))[2], 'identity')) AS s (side, person_id, kind)
            JOIN mention m ON m.person_id = s.person_id
            JOIN record r ON r.record_id = m.record_id
            WHERE s.kind = t.kind)
        SELECT coalesce(jsonb_agg(jsonb_build_object('side', v.side, 'record', v.record_id, 'department', s.department,
                   'source', s.urn, 'type', v.type::text, 'state', v.state, 'true_at', rfc_time(v.version_time),
                   'stored_at', rfc_time(v.stored_at)) ORDER BY v.version_time DESC, v.record_id), '[]')
        FROM (SELECT DISTINCT o.side, o.record_id, o.source_id, o.type, r.state, r.version_time, r.updated_at AS stored_at
              FROM of_side o JOIN record r USING (record_id)
              UNION ALL
              SELECT DISTINCT o.side, o.record_id, o.source_id, o.type, CASE h.state WHEN 'live' THEN 'replaced' ELSE h.state END,
                     h.version_time, h.stored_at
              FROM of_side o JOIN record_history h USING (record_id)) AS v
        JOIN source s USING (source_id));
END
$$;

CREATE FUNCTION desk_history(in_task text) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT jsonb_build_object(
        'pair', coalesce((SELECT jsonb_agg(jsonb_build_object('version', l.version, 'event', l.event, 'from', l.from_state,
                    'to', l.to_state, 'actor', l.actor, 'at', rfc_time(l.at), 'policy', l.policy_version) ORDER BY l.version)
                FROM pair_log l WHERE l.pair_id = t.pair_id), '[]'),
        'decisions', coalesce((SELECT jsonb_agg(jsonb_build_object('version', d.pair_version, 'verdict', d.verdict,
                    'reason', d.reason_code, 'who', a.name, 'at', rfc_time(d.decided_at)) ORDER BY d.decision_id)
                FROM decision d JOIN account a USING (account_id) WHERE d.pair_id = t.pair_id), '[]'),
        'records', desk_records(t.task_id))
    FROM review_task t WHERE t.public_id = in_task
$$;

CREATE FUNCTION desk_claim(in_task text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := session_scope();
    t CONSTANT review_task := desk_find(in_task);
BEGIN
    UPDATE review_task SET assigned_account = s.account_id WHERE task_id = t.task_id AND state = 'open';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the task is closed' USING ERRCODE = 'HL023';
    END IF;
    PERFORM audit_append('console', s.account, 'reviewer', 'task_claim', 'review', NULL, NULL,
                         jsonb_strip_nulls(jsonb_build_object('task', in_task, 'from', (SELECT a.name FROM account a
                             WHERE a.account_id = t.assigned_account AND a.account_id <> s.account_id))));
    RETURN (SELECT d.row FROM desk_task d WHERE d.task_id = t.task_id);
END
$$;

CREATE FUNCTION desk_release(in_task text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := session_scope();
    t CONSTANT review_task := desk_find(in_task);
BEGIN
    IF t.assigned_account IS DISTINCT FROM s.account_id THEN
        RAISE EXCEPTION 'somebody else has the task' USING ERRCODE = 'HL022';
    END IF;
    UPDATE review_task SET assigned_account = NULL WHERE task_id = t.task_id;
    PERFORM audit_append('console', s.account, 'reviewer', 'task_release', 'review', NULL, NULL,
                         jsonb_build_object('task', in_task));
    RETURN in_task;
END
$$;

-- An assigned open task is the authority to see whom it is about.
CREATE FUNCTION desk_authority(in_task text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    t CONSTANT review_task := desk_find(in_task);
BEGIN
    IF t.state <> 'open' THEN
        RAISE EXCEPTION 'the task is closed' USING ERRCODE = 'HL023';
    ELSIF t.assigned_account IS DISTINCT FROM (session_scope()).account_id THEN
        RAISE EXCEPTION 'claim the task first' USING ERRCODE = 'HL022';
    END IF;
    RETURN t.task_id;
END
$$;

-- ---- decisions ----

CREATE FUNCTION desk_reason_check(in_verdict text, in_reason text) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
BEGIN
    IF split_part(in_reason, '_', 1) <> (CASE in_verdict WHEN 'accept' THEN 'ACCEPT' WHEN 'reject' THEN 'REJECT'
            WHEN 'needs_info' THEN 'NEEDS' WHEN 'unsure' THEN 'UNSURE' ELSE split_part(in_reason, '_', 1) END)
       OR (in_verdict IN ('sign', 'refuse_sign') AND (in_verdict = 'sign') <> (in_reason = 'SIGN_CONFIRMED')) THEN
        RAISE EXCEPTION 'the reason is of another verdict' USING ERRCODE = 'HL030';
    END IF;
END
$$;

CREATE FUNCTION desk_event(in_task review_task, in_event text, in_reason text, in_version int) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := session_scope();
    pair_name text;
    new record;
BEGIN
    PERFORM desk_reason_check(in_event, in_reason);
    SELECT p.public_id INTO pair_name FROM pair p WHERE p.pair_id = in_task.pair_id;
    IF pair_name IS NULL THEN
        RAISE EXCEPTION 'the task is not about a pair' USING ERRCODE = 'HL002';
    END IF;
    SELECT e.version, e.state INTO new
    FROM pair_event(in_task.pair_id, in_version, in_event, s.account, jsonb_build_object(
        'task_id', in_task.task_id, 'account_id', s.account_id, 'reason_code', in_reason)) AS e;
    RETURN jsonb_build_object(
        'task', in_task.public_id, 'pair', pair_name, 'version', new.version, 'state', new.state,
        'undo_until', CASE WHEN in_event <> 'undo' THEN rfc_time(clock() + undo_window()) END,
        'sign_due', rfc_time((SELECT t.due_at FROM review_task t
                              WHERE t.pair_id = in_task.pair_id AND t.kind = 'sign' AND t.state = 'open')));
END
$$;

CREATE FUNCTION desk_decide(in_task text, in_event text, in_reason text, in_version int) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    t CONSTANT review_task := desk_find(in_task);
BEGIN
    IF in_event NOT IN ('accept', 'reject', 'needs_info', 'unsure', 'undo', 'sign', 'refuse_sign') THEN
        RAISE EXCEPTION 'no decision of a reviewer' USING ERRCODE = 'HL002';
    ELSIF in_event IN ('sign', 'refuse_sign') AND t.kind <> 'sign' THEN
        RAISE EXCEPTION 'no signature is asked for' USING ERRCODE = 'HL026';
    ELSIF in_event <> 'undo' AND t.state <> 'open' THEN
        RAISE EXCEPTION 'the task is closed' USING ERRCODE = 'HL023';
    END IF;
    RETURN desk_event(t, in_event, in_reason, in_version);
END
$$;
COMMENT ON FUNCTION desk_decide IS 'A decision of the session''s account on a task it may see; pair_event() does the rest.';

-- All or none, and only what rests on the same evidence about the same person of concern.
CREATE FUNCTION desk_decide_all(in_event text, in_reason text, in_tasks jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    item jsonb;
    done jsonb := '[]';
    kinds bigint;
BEGIN
    IF jsonb_typeof(in_tasks) <> 'array' OR jsonb_array_length(in_tasks) NOT BETWEEN 1 AND 50 OR EXISTS (
            SELECT FROM jsonb_array_elements(in_tasks) AS e
            WHERE jsonb_typeof(e) <> 'object' OR e - 'task' - 'version' <> '{}'
               OR jsonb_typeof(e->'task') IS DISTINCT FROM 'string' OR e->>'task' !~ '^rt-[0-9a-f]{16}$'
               OR jsonb_typeof(e->'version') IS DISTINCT FROM 'number' OR e->>'version' !~ '^[1-9][0-9]{0,8}$') THEN
        RAISE EXCEPTION 'a list of tasks and versions' USING ERRCODE = 'HL032';
    END IF;
    SELECT count(DISTINCT (p.risk_person, p.tier, p.rule, p.reasons)) INTO kinds
    FROM jsonb_array_elements(in_tasks) AS e JOIN review_task t ON t.public_id = e->>'task' JOIN pair p USING (pair_id);
    IF kinds > 1 THEN
        RAISE EXCEPTION 'not the same evidence' USING ERRCODE = 'HL027';
    END IF;
    FOR item IN SELECT e FROM jsonb_array_elements(in_tasks) AS e ORDER BY e->>'task' LOOP
        done := done || desk_decide(item->>'task', in_event, in_reason, (item->>'version')::int);
    END LOOP;
    RETURN jsonb_build_object('items', done);
END
$$;

CREATE FUNCTION desk_identity(in_task text, in_verdict text, in_reason text, in_side text, in_seen text,
                              in_apart jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    t CONSTANT review_task := desk_find(in_task);
    apart bigint[];
    answer record;
BEGIN
    IF (in_verdict = 'unsure') <> (in_reason IN ('IDENTITY_UNSURE', 'IDENTITY_MISTAKE')) THEN
        RAISE EXCEPTION 'the reason is of another verdict' USING ERRCODE = 'HL030';
    ELSIF in_apart IS NOT NULL AND (jsonb_typeof(in_apart) <> 'array' OR jsonb_array_length(in_apart) > 128
                                    OR EXISTS (SELECT FROM jsonb_array_elements_text(in_apart) AS e
                                               WHERE e !~ '^[1-9][0-9]{0,15}$')) THEN
        RAISE EXCEPTION 'which records are apart' USING ERRCODE = 'HL011';
    ELSIF t.state <> 'open' AND in_verdict <> 'unsure' THEN
        RAISE EXCEPTION 'the task is closed' USING ERRCODE = 'HL023';
    END IF;
    SELECT array_agg(e::bigint) INTO apart FROM jsonb_array_elements_text(in_apart) AS e;
    SELECT d.side, d.records INTO answer
    FROM identity_decide(t.task_id, (session_scope()).account_id, in_side, in_verdict, in_reason, apart, in_seen) AS d;
    RETURN jsonb_build_object('task', in_task, 'verdict', in_verdict, 'side', answer.side, 'records', answer.records);
END
$$;

REVOKE ALL ON desk_task FROM PUBLIC;
REVOKE ALL ON FUNCTION cursor_time, cursor_parts, desk_list, desk_counts, desk_alike, desk_history, desk_find, desk_records,
    desk_claim, desk_release, desk_authority, desk_reason_check, desk_event, desk_decide, desk_decide_all, desk_identity
    FROM PUBLIC;
GRANT SELECT ON desk_task TO hulei_console;
GRANT EXECUTE ON FUNCTION cursor_time, cursor_parts, desk_list, desk_counts, desk_alike, desk_history, desk_records, desk_claim,
    desk_release, desk_authority, desk_decide, desk_decide_all, desk_identity TO hulei_console;
