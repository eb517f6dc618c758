-- Deploy hulei:inbox to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- ---- alerts of posts that have no system of their own ----

CREATE VIEW inbox_item WITH (security_invoker = true) AS
SELECT d.alert_id, d.post_id, d.state, a.tier, a.msg, p.view, d.queued_at,
       (a.msg IN ('alert', 'update') AND d.state IN ('queued', 'sent') AND a.tier = 1) AS is_alarming,
       d.state IN ('queued', 'sent', 'acked', 'acting') AS is_open,
       CASE WHEN d.state IN ('queued', 'sent') THEN 0 ELSE 1 END AS order_state,
       a.tier AS order_tier, coalesce(d.ack_by, d.queued_at) AS order_due,
       jsonb_build_object(
           'alert', d.alert_id, 'post', d.post_id, 'view', p.view, 'tier', a.tier, 'msg', a.msg, 'state', d.state,
           'outcome', d.outcome_code, 'created', rfc_time(a.created_at), 'ack_by', rfc_time(d.ack_by),
           'act_by', rfc_time(d.act_by),
           'overdue', coalesce(d.state = 'sent' AND d.ack_by < (SELECT clock())
                               OR d.state IN ('acked', 'acting') AND d.act_by < (SELECT clock()), false),
           'provisional', a.provisional, 'emergency', a.is_emergency) AS row
FROM delivery d
JOIN alert a USING (alert_id)
JOIN post p ON p.post_id = d.post_id
WHERE d.state <> 'gave_up' AND NOT EXISTS (SELECT FROM alert u WHERE u.msg = 'update' AND d.alert_id = ANY (u.refs)
                                           AND u.pair_id = a.pair_id);

CREATE FUNCTION inbox_list(in_state text, in_after text, in_limit int) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = hulei, pg_temp
AS $$
DECLARE
    at CONSTANT text[] := cursor_parts(in_after, '^[01]:[1-4]:-?[0-9]{1,17}:al-[0-9a-f]{32}:[a-z0-9-]{1,64}$');
    page jsonb;
    next text;
BEGIN
    WITH found AS (
        SELECT i.* FROM inbox_item i
        WHERE (in_state = 'all' OR i.is_open)
          AND (at IS NULL OR (i.order_state, i.order_tier, cursor_time(i.order_due)::bigint, i.alert_id, i.post_id)
                             > (at[1]::int, at[2]::smallint, at[3]::bigint, at[4], at[5]))
        ORDER BY i.order_state, i.order_tier, i.order_due, i.alert_id, i.post_id
        LIMIT in_limit + 1),
    numbered AS (SELECT f.*, row_number() OVER (ORDER BY f.order_state, f.order_tier, f.order_due, f.alert_id, f.post_id) AS n
                 FROM found f)
    SELECT coalesce(jsonb_agg(n.row ORDER BY n.n) FILTER (WHERE n.n <= in_limit), '[]'),
           max(concat_ws(':', n.order_state, n.order_tier, cursor_time(n.order_due), n.alert_id, n.post_id))
               FILTER (WHERE n.n = in_limit AND EXISTS (SELECT FROM numbered m WHERE m.n > in_limit))
    INTO page, next FROM numbered n;
    RETURN jsonb_build_object('items', page, 'next', next,
                              'unacknowledged_red', (SELECT count(*) FROM inbox_item i WHERE i.is_alarming));
END
$$;

-- What a message says, as the courier rendered it: the view renderer makes it of these. With the audit entry of the look.
CREATE FUNCTION inbox_message(in_alert text, in_post text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := session_scope();
    answer jsonb;
BEGIN
    SELECT i.row || jsonb_build_object(
        'series', d.series_id, 'rule', a.rule, 'policy', a.policy_version, 'reasons', a.reasons, 'refs', a.refs,
        'evidence', a.evidence, 'child_pseudonym', r.child_pseudonym, 'risk_pseudonym', r.risk_pseudonym,
        'who', 'u-' || n.account_id, 'decided_at', rfc_time(n.decided_at), 'reason', n.reason_code, 'leads', post_leads(in_post),
        'expires', to_char((a.created_at + make_interval(days => (ARRAY[30, 90, 180, 180])[a.tier])) AT TIME ZONE 'Asia/Shanghai',
                           'YYYY-MM-DD"T"00:00:00"+08:00"'),
        'erase_by', to_char((a.created_at + interval '1 year') AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"00:00:00"+08:00"'),
        'answers', coalesce((SELECT jsonb_agg(jsonb_build_object('state', k.state, 'outcome', k.outcome_code,
                        'at', rfc_time(k.received_at), 'who', k.who, 'verdict', k.verdict) ORDER BY k.ack_id)
                    FROM ack k WHERE k.alert_id = in_alert AND k.post_id = in_post AND k.state IS NOT NULL), '[]'))
    INTO answer
    FROM inbox_item i
    JOIN delivery d ON d.alert_id = i.alert_id AND d.post_id = i.post_id
    JOIN alert a ON a.alert_id = i.alert_id
    JOIN alert_series r ON r.series_id = d.series_id
    LEFT JOIN decision n ON n.decision_id = a.decision_id
    WHERE i.alert_id = in_alert AND i.post_id = in_post AND in_post = ANY (s.posts);
    IF answer IS NULL THEN
        RAISE EXCEPTION 'no such alert' USING ERRCODE = 'HL021';
    END IF;
    PERFORM audit_append('console', s.account, 'post', 'alert_look', 'deliver', NULL, in_alert,
                         jsonb_build_object('post', in_post));
    RETURN answer;
END
$$;

-- The same judgement as of an answer on the post's topic (daemon/courier/ack.h), and the same effects.
CREATE FUNCTION inbox_answer(in_alert text, in_post text, in_state text, in_outcome text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := session_scope();
    d delivery;
    what text := 'accepted';
    took record;
BEGIN
    -- As every change of a pair: the pair first.
    PERFORM FROM pair p JOIN alert a USING (pair_id) WHERE a.alert_id = in_alert FOR UPDATE OF p;
    SELECT * INTO d FROM delivery WHERE alert_id = in_alert AND post_id = in_post AND in_post = ANY (s.posts) FOR UPDATE;
    IF d.alert_id IS NULL THEN
        RAISE EXCEPTION 'no such alert' USING ERRCODE = 'HL021';
    ELSIF in_state = 'closed' AND in_outcome IS NULL THEN
        RAISE EXCEPTION 'closing needs an outcome' USING ERRCODE = 'HL033';
    END IF;
    IF array_position('{queued,acked,acting,closed}', replace(in_state, 'cannot', 'closed'))
       <= array_position('{queued,acked,acting,closed}',
                         CASE d.state WHEN 'sent' THEN 'queued' WHEN 'gave_up' THEN 'queued' WHEN 'cannot' THEN 'closed'
                                      ELSE d.state END) THEN
        what := 'repeated';
    ELSIF d.state = 'gave_up' OR (d.state IN ('queued', 'sent') AND d.ack_by < clock()) THEN
        what := 'late';
    END IF;
    INSERT INTO ack (topic, part, off, post_id, alert_id, state, outcome_code, who, at, verdict, received_at)
    VALUES ('console', 0, nextval('inbox_answer_number'), in_post, in_alert, in_state, in_outcome, s.account, rfc_time(clock()),
            what, clock());
    IF what <> 'repeated' THEN
        SELECT * INTO took FROM answer_take(in_alert, in_post, in_state, in_outcome, s.account);
    END IF;
    RETURN jsonb_build_object('verdict', what, 'state', (SELECT x.state FROM delivery x WHERE x.alert_id = in_alert AND x.post_id = in_post),
                              'reopened', what <> 'repeated' AND took.is_reopened, 'rerouted', what <> 'repeated' AND took.is_rerouted);
END
$$;
CREATE SEQUENCE inbox_answer_number;
COMMENT ON SEQUENCE inbox_answer_number IS 'In the place of a Kafka offset in ack, for answers given in the console.';

REVOKE ALL ON inbox_item FROM PUBLIC;
REVOKE ALL ON FUNCTION inbox_list, inbox_message, inbox_answer FROM PUBLIC;
GRANT SELECT ON inbox_item TO hulei_console;
GRANT EXECUTE ON FUNCTION inbox_list, inbox_message, inbox_answer TO hulei_console;
