-- Deploy hulei:task_map to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- Where both sides of a claimed task are, sealed, with the audit entry of the look.
CREATE FUNCTION desk_places(in_task text)
    RETURNS TABLE (side text, mention_id bigint, places bytea, data_key_id bigint, wrapped bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    s CONSTANT scope := session_scope();
    p pair;
BEGIN
    SELECT x.* INTO p FROM review_task t JOIN pair x USING (pair_id) WHERE t.task_id = desk_authority(in_task);
    PERFORM audit_append('console', s.account, 'reviewer', 'review_map', 'review', NULL, NULL, jsonb_build_object('task', in_task));
    RETURN QUERY
        SELECT x.side, m.mention_id, c.places, r.data_key_id, k.wrapped
        FROM (VALUES ('child', p.child_person), ('risk', p.risk_person)) AS x (side, person_id)
        JOIN mention m ON m.person_id = x.person_id
        JOIN card c ON c.mention_id = m.mention_id
        JOIN record r ON r.record_id = m.record_id AND r.state = 'live'
        JOIN data_key k ON k.data_key_id = r.data_key_id
        ORDER BY x.side, r.version_time DESC, m.mention_id
        LIMIT 256;
END
$$;
COMMENT ON FUNCTION desk_places IS 'card.places of both persons of an open task of the session, newest first; writes the audit entry itself.';

-- The address library of a division (12 digits, or a range of them). It holds no person.
CREATE FUNCTION desk_library(in_from bigint, in_to bigint)
    RETURNS TABLE (record_id bigint, area_code bigint, features bytea, data_key_id bigint, wrapped bytea)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    SELECT r.record_id, p.area_code, p.features, r.data_key_id, k.wrapped
    FROM place p
    JOIN record r ON r.record_id = p.record_id AND r.state = 'live'
    JOIN data_key k ON k.data_key_id = r.data_key_id
    WHERE p.area_code BETWEEN in_from AND in_to AND (session_scope()).review_areas <> '{}'
    LIMIT 20000
$$;

-- ---- what each post would be told ----

-- The facts of one message per post, in the form of inbox_message(): as if the session's account accepted the pair now.
-- Numbers and pseudonyms that only a real alert gets are zeros.
CREATE FUNCTION desk_views(in_task text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := session_scope();
    t CONSTANT review_task := desk_find(in_task);
    p pair;
    now CONSTANT timestamptz := clock();
BEGIN
    SELECT * INTO p FROM pair WHERE pair_id = t.pair_id;
    IF t.state <> 'open' THEN
        RAISE EXCEPTION 'the task is closed' USING ERRCODE = 'HL023';
    ELSIF p.pair_id IS NULL THEN
        RAISE EXCEPTION 'the task is not about a pair' USING ERRCODE = 'HL002';
    END IF;
    RETURN coalesce((
        SELECT jsonb_agg(jsonb_build_object(
            'alert', 'al-' || repeat('0', 32), 'series', 'sr-' || repeat('0', 32), 'post', o.post_id, 'view', o.view,
            'tier', p.tier, 'msg', 'alert', 'rule', p.rule, 'policy', p.policy_version, 'reasons', p.reasons,
            'refs', '[]'::jsonb, 'evidence', p.evidence,
            'child_pseudonym', CASE WHEN p.child_person IS NOT NULL THEN 'c-' || repeat('0', 16) END,
            'risk_pseudonym', 'r-' || repeat('0', 16), 'who', 'u-' || s.account_id, 'decided_at', rfc_time(now),
            'reason', 'ACCEPT_CONFIRMED', 'leads', post_leads(o.post_id), 'created', rfc_time(now),
            'ack_by', rfc_time(alert_ack_by(p.tier, o.view, now)), 'act_by', rfc_time(alert_act_by(p.tier, now)),
            'expires', to_char((now + make_interval(days => (ARRAY[30, 90, 180, 180])[p.tier])) AT TIME ZONE 'Asia/Shanghai',
                               'YYYY-MM-DD"T"00:00:00"+08:00"'),
            'erase_by', to_char((now + interval '1 year') AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"00:00:00"+08:00"'),
            'provisional', p.tier = 1, 'emergency', false) ORDER BY o.post_id)
        FROM unnest(alert_posts(p)) AS x (post_id) JOIN post o USING (post_id)), '[]');
END
$$;

REVOKE ALL ON FUNCTION desk_places, desk_library, desk_views FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk_places, desk_library, desk_views TO hulei_console;
