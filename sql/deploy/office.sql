-- Deploy hulei:office to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- What operators, auditors, administrators and security officers do at the console. Each door asks for its role itself.

CREATE FUNCTION office_require(in_roles text[]) RETURNS scope
LANGUAGE plpgsql STABLE
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := session_scope();
BEGIN
    IF s.account_id IS NULL OR NOT s.roles && in_roles THEN
        RAISE EXCEPTION 'not with this role' USING ERRCODE = 'HL003';
    END IF;
    RETURN s;
END
$$;

-- ---- the auditor: the chain and nothing else ----

CREATE FUNCTION office_audit(in_actor text, in_subject text, in_action text, in_from date, in_to date, in_after text,
                             in_limit int) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    place CONSTANT text[] := cursor_parts(in_after, '^[0-9]{1,17}:[a-z0-9-]{1,60}:[0-9]{1,17}$');
    before_at CONSTANT timestamptz := CASE WHEN place IS NULL THEN 'infinity'
                                           ELSE timestamptz 'epoch' + place[1]::bigint * interval '1 microsecond' END;
    page jsonb;
    next text;
BEGIN
    WITH found AS (
        SELECT e.* FROM audit_entry e
        WHERE (e.at, e.lane, e.seq) < (before_at, coalesce(place[2], ''), coalesce(place[3]::bigint, 0))
          AND (in_actor IS NULL OR e.actor = in_actor) AND (in_action IS NULL OR e.action = in_action)
          AND (in_subject IS NULL OR e.subject = decode(in_subject, 'hex'))
          AND (in_from IS NULL OR e.at >= in_from::timestamp AT TIME ZONE 'Asia/Shanghai')
          AND (in_to IS NULL OR e.at < (in_to + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')
        ORDER BY e.at DESC, e.lane DESC, e.seq DESC LIMIT in_limit + 1),
    numbered AS (SELECT f.*, row_number() OVER (ORDER BY f.at DESC, f.lane DESC, f.seq DESC) AS n FROM found f)
    SELECT coalesce(jsonb_agg(jsonb_build_object('lane', n.lane, 'seq', n.seq, 'at', rfc_time(n.at), 'actor', n.actor,
               'role', n.role, 'action', n.action, 'purpose', n.purpose, 'subject', encode(n.subject, 'hex'),
               'alert', n.alert_id, 'detail', n.detail) ORDER BY n.n) FILTER (WHERE n.n <= in_limit), '[]'),
           max(concat_ws(':', cursor_time(n.at), n.lane, n.seq))
               FILTER (WHERE n.n = in_limit AND EXISTS (SELECT FROM numbered m WHERE m.n > in_limit))
    INTO page, next FROM numbered n;
    PERFORM audit_append('console', (session_scope()).account, 'auditor', 'audit_search', NULL, NULL, NULL,
                         jsonb_strip_nulls(jsonb_build_object('actor', in_actor, 'subject', in_subject, 'action', in_action,
                                                              'from', in_from, 'to', in_to)));
    RETURN jsonb_build_object('items', page, 'next', next);
END
$$;

CREATE FUNCTION office_chain() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    PERFORM office_require('{auditor}');
    RETURN (
        WITH fault AS MATERIALIZED (SELECT DISTINCT ON (v.lane) v.* FROM audit_verify() AS v ORDER BY v.lane, v.seq)
        SELECT jsonb_build_object('sound', NOT EXISTS (SELECT FROM fault), 'lanes', coalesce(jsonb_agg(jsonb_build_object(
                   'lane', l.lane, 'head', l.head_seq, 'hash', encode(l.head_hash, 'hex'), 'fault', f.fault, 'fault_at', f.seq)
                   ORDER BY l.lane), '[]'))
        FROM audit_lane l LEFT JOIN fault f USING (lane));
END
$$;

-- ---- accounts: the administrator asks, the security officer approves ----

CREATE TABLE account_grant (
    grant_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id  text NOT NULL UNIQUE DEFAULT 'gr-' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 16),
    account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
    roles      text[] NOT NULL,
    areas      text[] NOT NULL,
    posts      text[] NOT NULL,
    department text,
    asked_by   bigint NOT NULL REFERENCES account,
    asked_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    state      text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'approved', 'refused')),
    decided_by bigint REFERENCES account CHECK (decided_by <> asked_by AND decided_by <> account_id)
);
COMMENT ON TABLE account_grant IS 'Rights asked for by an administrator; they are given by a security officer, never by the asker or to oneself.';

CREATE FUNCTION office_grant_json(in_grant account_grant) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
RETURN jsonb_build_object(
    'grant', in_grant.public_id, 'name', (SELECT a.name FROM account a WHERE a.account_id = in_grant.account_id),
    'roles', in_grant.roles, 'areas', in_grant.areas, 'posts', in_grant.posts, 'department', in_grant.department,
    'asked_by', (SELECT a.name FROM account a WHERE a.account_id = in_grant.asked_by), 'asked_at', rfc_time(in_grant.asked_at),
    'state', in_grant.state, 'decided_by', (SELECT a.name FROM account a WHERE a.account_id = in_grant.decided_by));

CREATE FUNCTION office_users() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    PERFORM office_require('{administrator,security_officer}');
    RETURN (SELECT jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object(
                'name', a.name, 'roles', a.roles, 'areas', a.areas, 'posts', a.posts, 'department', a.department,
                'locked', a.locked, 'locked_until', rfc_time(CASE WHEN c.locked_until > clock_timestamp() THEN c.locked_until END),
                'has_password', c.account_id IS NOT NULL, 'has_factor', c.factor_step IS NOT NULL,
                'needs_certificate', c.certificate IS NOT NULL, 'last_sign_in', rfc_time(c.signed_in_at)) ORDER BY a.name), '[]'))
            FROM account a LEFT JOIN credential c USING (account_id));
END
$$;

CREATE FUNCTION office_user_add(in_name text, in_salt bytea, in_ops int, in_memory_bytes bigint, in_proof bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    PERFORM office_require('{administrator}');
    INSERT INTO account (name, roles) VALUES (in_name, '{}') ON CONFLICT (name) DO NOTHING;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the name is taken' USING ERRCODE = 'HL028';
    END IF;
    RETURN credential_reset(in_name, in_salt, in_ops, in_memory_bytes, in_proof);
END
$$;

CREATE FUNCTION office_user_reset(in_name text, in_salt bytea, in_ops int, in_memory_bytes bigint, in_proof bytea)
    RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := office_require('{administrator}');
BEGIN
    IF NOT credential_reset(in_name, in_salt, in_ops, in_memory_bytes, in_proof) THEN
        RAISE EXCEPTION 'no such account' USING ERRCODE = 'HL021';
    END IF;
    PERFORM audit_append('console', s.account, 'administrator', 'account_reset', NULL, NULL, NULL,
                         jsonb_build_object('account', in_name));
    RETURN true;
END
$$;

CREATE FUNCTION office_user_lock(in_name text, in_locked boolean) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := office_require('{administrator,security_officer}');
BEGIN
    UPDATE account SET locked = in_locked WHERE name = in_name;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such account' USING ERRCODE = 'HL021';
    END IF;
    PERFORM audit_append('console', s.account, 'console', CASE WHEN in_locked THEN 'account_lock' ELSE 'account_unlock' END, NULL, NULL,
                         NULL, jsonb_build_object('account', in_name));
    RETURN in_name;
END
$$;

CREATE FUNCTION office_list(in_value jsonb, in_form text, in_count int) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE
SET search_path = hulei, pg_temp
AS $$
BEGIN
    IF in_value IS NOT NULL AND (jsonb_typeof(in_value) <> 'array' OR jsonb_array_length(in_value) > in_count OR EXISTS (
            SELECT FROM jsonb_array_elements(in_value) AS e WHERE jsonb_typeof(e) <> 'string' OR e #>> '{}' !~ in_form)) THEN
        RAISE EXCEPTION 'not a list of such words' USING ERRCODE = 'HL029';
    END IF;
    RETURN (SELECT coalesce(array_agg(DISTINCT e), '{}') FROM jsonb_array_elements_text(in_value) AS e);
END
$$;

CREATE FUNCTION office_grant_ask(in_name text, in_roles jsonb, in_areas jsonb, in_posts jsonb, in_department text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := office_require('{administrator}');
    g account_grant;
BEGIN
    INSERT INTO account_grant (account_id, roles, areas, posts, department, asked_by)
    SELECT a.account_id, office_list(in_roles, '^(reviewer|second_reviewer|post_officer|post_lead|operator|auditor|administrator|security_officer)$', 4),
           office_list(in_areas, '^[0-9]{2,12}$', 50), office_list(in_posts, '^[a-z0-9-]{1,64}$', 50), in_department, s.account_id
    FROM account a WHERE a.name = in_name
    RETURNING * INTO g;
    IF g.grant_id IS NULL THEN
        RAISE EXCEPTION 'no such account' USING ERRCODE = 'HL021';
    END IF;
    PERFORM audit_append('console', s.account, 'administrator', 'grant_ask', NULL, NULL, NULL,
                         jsonb_build_object('grant', g.public_id, 'account', in_name, 'roles', g.roles));
    RETURN office_grant_json(g);
END
$$;

CREATE FUNCTION office_grants() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    PERFORM office_require('{administrator,security_officer}');
    RETURN (SELECT jsonb_build_object('items', coalesce(jsonb_agg(office_grant_json(g) ORDER BY g.grant_id DESC), '[]'))
            FROM account_grant g WHERE g.state = 'waiting' OR g.asked_at > clock_timestamp() - interval '30 days');
END
$$;

CREATE FUNCTION office_grant_decide(in_grant text, in_verdict text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := office_require('{security_officer}');
    g account_grant;
BEGIN
    SELECT * INTO g FROM account_grant WHERE public_id = in_grant FOR UPDATE;
    IF g.grant_id IS NULL THEN
        RAISE EXCEPTION 'no such grant' USING ERRCODE = 'HL021';
    ELSIF g.state <> 'waiting' THEN
        RAISE EXCEPTION 'it does not wait' USING ERRCODE = 'HL026';
    ELSIF s.account_id IN (g.asked_by, g.account_id) THEN
        RAISE EXCEPTION 'a second person' USING ERRCODE = 'HL013';
    END IF;
    UPDATE account_grant SET state = CASE in_verdict WHEN 'approve' THEN 'approved' ELSE 'refused' END, decided_by = s.account_id
    WHERE grant_id = g.grant_id RETURNING * INTO g;
    IF g.state = 'approved' THEN
        UPDATE account SET roles = g.roles, areas = g.areas, posts = g.posts, department = g.department
        WHERE account_id = g.account_id;
    END IF;
    PERFORM audit_append('console', s.account, 'security_officer', 'grant_' || in_verdict, NULL, NULL, NULL,
                         jsonb_build_object('grant', in_grant));
    RETURN office_grant_json(g);
END
$$;

CREATE FUNCTION office_alarms() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    PERFORM office_require('{security_officer}');
    RETURN (SELECT jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object('at', rfc_time(w.at), 'rule', w.rule,
                'actor', w.actor, 'detail', w.detail) ORDER BY w.alarm_id DESC), '[]'))
            FROM (SELECT * FROM watch_alarm ORDER BY alarm_id DESC LIMIT 200) AS w);
END
$$;

-- ---- feeds of the operator's department ----

CREATE FUNCTION office_feed_counts(in_source smallint, in_topic text, in_days int) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
RETURN (SELECT jsonb_build_object('accepted', coalesce(sum(c.n) FILTER (WHERE c.outcome = 'accepted'), 0),
                                  'unchanged', coalesce(sum(c.n) FILTER (WHERE c.outcome = 'unchanged'), 0),
                                  'superseded', coalesce(sum(c.n) FILTER (WHERE c.outcome = 'superseded'), 0),
                                  'refused', coalesce(sum(c.n) FILTER (WHERE c.outcome = 'refused'), 0))
        FROM feed_counter c
        WHERE c.source_id = in_source AND c.topic = in_topic
          AND c.day > (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date - in_days);

CREATE FUNCTION office_feeds() RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object(
               'source', s.urn, 'topic', s.topic, 'department', s.department, 'last_at', rfc_time(q.heard_at),
               'silent', coalesce(q.periods > 0, false), 'today', office_feed_counts(s.source_id, s.topic, 1),
               'week', office_feed_counts(s.source_id, s.topic, 7),
               'control', coalesce((SELECT jsonb_agg(jsonb_build_object('type', v.type::text, 'held', v.live, 'control', v.promised,
                               'at', rfc_time(v.said_at)) ORDER BY v.type) FROM feed_coverage() AS v WHERE v.source_id = s.source_id),
                           '[]')) ORDER BY s.urn), '[]'))
    FROM source s LEFT JOIN feed_silence(clock_timestamp()) AS q USING (source_id)
$$;

CREATE FUNCTION office_refusals(in_days int) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object('source', r.urn, 'topic', r.topic, 'code', r.code,
               'field', r.field, 'rule', r.rule, 'count', r.n, 'last_at', rfc_time(r.last_at)) ORDER BY r.n DESC, r.topic, r.code), '[]'))
    FROM (SELECT s.urn, p.topic, p.code, p.field, p.rule, count(*) AS n, max(p.first_seen) AS last_at
          FROM parked p JOIN source s USING (source_id)
          WHERE p.first_seen > clock_timestamp() - make_interval(days => in_days)
          GROUP BY s.urn, p.topic, p.code, p.field, p.rule ORDER BY count(*) DESC LIMIT 200) AS r
$$;

CREATE FUNCTION office_receipts(in_after text, in_limit int) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := office_require('{operator}');
    before_id CONSTANT bigint := coalesce((cursor_parts(in_after, '^[0-9]{1,18}$'))[1]::bigint, 9223372036854775807);
    page jsonb;
    last_id bigint;
    row_count int;
BEGIN
    SELECT coalesce(jsonb_agg(o.row ORDER BY o.outbox_id DESC), '[]'), min(o.outbox_id), count(*) INTO page, last_id, row_count
    FROM (SELECT x.outbox_id, jsonb_build_object('receipt', x.outbox_id, 'topic', x.topic, 'at', rfc_time(x.created_at),
                     'sent', x.state = 'sent', 'results', coalesce((
                         SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                             'id', coalesce(e->>'id', concat_ws(':', e->>'partition', e->>'offset')), 'outcome', e->>'outcome',
                             'field', e->>'field', 'rule', e->>'rule')))
                         FROM jsonb_array_elements(convert_from(x.payload, 'UTF8')::jsonb->'receipts') AS e), '[]')) AS row
          FROM outbox x
          WHERE x.kind = 'receipt' AND x.outbox_id < before_id AND split_part(x.topic, '.', 3) = ANY (s.departments)
            AND x.topic LIKE 'hulei.receipt.%'
          ORDER BY x.outbox_id DESC LIMIT in_limit) AS o;
    RETURN jsonb_build_object('items', page, 'next', CASE WHEN row_count = in_limit THEN last_id::text END);
END
$$;

-- ---- figures for leads: counts alone, small cells suppressed ----

CREATE FUNCTION office_cell(n bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN n BETWEEN 1 AND 4 THEN NULL ELSE n END;
COMMENT ON FUNCTION office_cell IS 'A count that could mean a person is not shown.';

CREATE FUNCTION office_week(at timestamptz) RETURNS date
LANGUAGE sql STABLE
RETURN date_trunc('week', at AT TIME ZONE 'Asia/Shanghai')::date;

CREATE FUNCTION office_overview(in_weeks int) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := office_require('{post_lead,operator}');
    since CONSTANT timestamptz := clock() - make_interval(weeks => in_weeks);
BEGIN
    RETURN jsonb_build_object(
        'now', rfc_time(clock()),
        'tiles', jsonb_build_object(
            'tasks_open', office_cell((SELECT count(*) FROM review_task WHERE state = 'open')),
            'tasks_overdue', office_cell((SELECT count(*) FROM review_task WHERE state = 'open' AND due_at < clock())),
            'unacknowledged', office_cell((SELECT count(*) FROM delivery WHERE state = 'sent' AND ack_by < clock())),
            'expiry_debt', office_cell((SELECT count(*) FROM record WHERE ends_on < clock_day()))),
        'queue_age', (SELECT coalesce(jsonb_agg(jsonb_build_object('tier', q.tier, 'hours', q.hours, 'count', office_cell(q.n)) ORDER BY q.tier, q.hours), '[]')
            FROM (SELECT tier, CASE WHEN h < 1 THEN '0-1' WHEN h < 4 THEN '1-4' WHEN h < 24 THEN '4-24' WHEN h < 72 THEN '24-72' ELSE '72+' END AS hours,
                         count(*) AS n
                  FROM (SELECT tier, extract(epoch FROM clock() - opened_at) / 3600 AS h FROM review_task
                        WHERE state = 'open' AND tier IS NOT NULL) AS t GROUP BY 1, 2) AS q),
        'deadlines', (SELECT coalesce(jsonb_agg(jsonb_build_object('week', d.week, 'what', d.what, 'met', office_cell(d.met), 'missed', office_cell(d.missed))
                                               ORDER BY d.week, d.what), '[]')
            FROM (SELECT office_week(closed_at) AS week, 'review' AS what, count(*) FILTER (WHERE closed_at <= due_at) AS met,
                         count(*) FILTER (WHERE closed_at > due_at) AS missed
                  FROM review_task WHERE state = 'done' AND due_at IS NOT NULL AND closed_at > since GROUP BY 1
                  UNION ALL
                  SELECT office_week(sent_at), 'ack', count(*) FILTER (WHERE acked_at <= ack_by),
                         count(*) FILTER (WHERE acked_at > ack_by OR (acked_at IS NULL AND ack_by < clock()))
                  FROM delivery WHERE ack_by IS NOT NULL AND sent_at > since GROUP BY 1) AS d),
        'precision', (SELECT coalesce(jsonb_agg(jsonb_build_object('rule', r.rule, 'accepted', office_cell(r.accepted), 'reviewed', office_cell(r.reviewed))
                                               ORDER BY r.rule), '[]')
            FROM (SELECT p.rule, count(*) FILTER (WHERE d.verdict = 'accept') AS accepted, count(*) AS reviewed
                  FROM decision d JOIN pair p USING (pair_id) WHERE d.verdict IN ('accept', 'reject') AND d.decided_at > since
                  GROUP BY p.rule) AS r),
        'alerts', (SELECT coalesce(jsonb_agg(jsonb_build_object('week', a.week, 'post', a.post_id, 'tier', a.tier, 'count', office_cell(a.n))
                                            ORDER BY a.week, a.post_id, a.tier), '[]')
            FROM (SELECT office_week(d.queued_at) AS week, d.post_id, x.tier, count(*) AS n
                  FROM delivery d JOIN alert x USING (alert_id)
                  WHERE x.msg = 'alert' AND d.queued_at > since AND ('operator' = ANY (s.roles) OR d.post_id = ANY (s.posts))
                  GROUP BY 1, 2, 3) AS a),
        'address_health', (SELECT coalesce(jsonb_agg(jsonb_build_object('precision', h.precision, 'count', office_cell(h.n)) ORDER BY h.precision), '[]')
            FROM (SELECT coalesce(evidence->>'precision', 'none') AS precision, count(*) AS n FROM pair
                  WHERE state NOT IN ('retracted', 'expired') GROUP BY 1) AS h),
        'coverage', (SELECT coalesce(jsonb_agg(jsonb_build_object('source', v.urn, 'type', v.type::text, 'held', office_cell(v.live), 'control', v.promised)
                                              ORDER BY v.urn, v.type), '[]') FROM feed_coverage() AS v),
        'feeds_silent', (SELECT coalesce(jsonb_agg(jsonb_build_object('source', q.urn, 'last_at', rfc_time(q.heard_at), 'silent', coalesce(q.periods > 0, false))
                                                  ORDER BY q.urn), '[]') FROM feed_silence(clock_timestamp()) AS q));
END
$$;
COMMENT ON FUNCTION office_overview IS 'Counts of the whole deployment, alerts of the lead''s own posts; a cell of 1 to 4 is NULL.';

REVOKE ALL ON account_grant FROM PUBLIC;
REVOKE ALL ON FUNCTION office_require, office_audit, office_chain, office_grant_json, office_users, office_user_add, office_user_reset,
    office_user_lock, office_list, office_grant_ask, office_grants, office_grant_decide, office_alarms, office_feed_counts,
    office_feeds, office_refusals, office_receipts, office_cell, office_week, office_overview FROM PUBLIC;
GRANT EXECUTE ON FUNCTION office_audit, office_chain, office_users, office_user_add, office_user_reset, office_user_lock,
    office_grant_ask, office_grants, office_grant_decide, office_alarms, office_feed_counts, office_feeds, office_refusals,
    office_receipts, office_overview TO hulei_console;
