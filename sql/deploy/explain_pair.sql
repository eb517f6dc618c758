-- Deploy hulei:explain_pair to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- Where the records of a person come from, the newest first: how `hulei explain` is asked for two of them.
CREATE FUNCTION explain_person(in_person bigint) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT jsonb_build_object('grade', n.grade, 'records', (SELECT count(*) FROM mention m WHERE m.person_id = n.person_id),
        'answers', (SELECT count(DISTINCT d.review_id) FROM mention m
                    JOIN identity_decision d ON m.mention_id IN (d.mention_a, d.mention_b) WHERE m.person_id = n.person_id),
        'newest', coalesce((SELECT jsonb_agg(jsonb_build_object(
                        'source', r.urn, 'type', r.type, 'subject', r.subject, 'slot', r.slot, 'department', r.department)
                        ORDER BY r.version_time DESC, r.mention_id)
                   FROM (SELECT s.urn, s.department, r.type, r.subject, m.slot, r.version_time, m.mention_id
                         FROM mention m JOIN record r USING (record_id) JOIN source s USING (source_id)
                         WHERE m.person_id = n.person_id AND r.state = 'live'
                         ORDER BY r.version_time DESC, m.mention_id LIMIT 2) AS r), '[]'))
    FROM person n WHERE n.person_id = in_person
$$;

CREATE FUNCTION pair_explain(in_public_id text, in_actor text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    p pair;
BEGIN
    SELECT * INTO p FROM pair WHERE public_id = in_public_id;
    IF p.pair_id IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM audit_append('admin', in_actor, 'operator', 'pair_explain', 'review', NULL, NULL,
                         jsonb_build_object('pair', p.public_id, 'version', p.version));
    RETURN jsonb_strip_nulls(jsonb_build_object(
        'pair', p.public_id, 'subject', p.subject, 'state', p.state, 'version', p.version, 'tier', p.tier, 'rule', p.rule,
        'policy', p.policy_version,
        'model', (SELECT m.dated || ' ' || left(encode(m.fingerprint, 'hex'), 8) FROM model_use m ORDER BY m.model_use_id DESC LIMIT 1),
        'resume', p.resume_state, 'completed', p.completed_at, 'rereview', p.rereview_at,
        'evidence', p.evidence - ARRAY['child_record', 'risk_record', 'concern_record', 'child_records', 'unit_record',
                                       'child_age_years']
                    || jsonb_build_object('child_age', CASE WHEN (p.evidence->>'child_age_years')::int < 10 THEN '0-9'
                                                            WHEN (p.evidence->>'child_age_years')::int < 14 THEN '10-13'
                                                            WHEN (p.evidence->>'child_age_years')::int < 18 THEN '14-17' END),
        'reasons', to_jsonb(p.reasons),
        'rejected_before', (SELECT count(*) FROM pair_rejection r
                            WHERE r.subject = p.subject AND r.subject_id = p.subject_id AND r.risk_person = p.risk_person),
        'child', explain_person(p.child_person), 'risk', explain_person(p.risk_person),
        'events', (SELECT jsonb_agg(jsonb_build_object('version', l.version, 'event', l.event, 'from', l.from_state,
                                                       'to', l.to_state, 'by', l.actor, 'at', l.at, 'policy', l.policy_version)
                                    ORDER BY l.version)
                   FROM pair_log l WHERE l.pair_id = p.pair_id),
        'decisions', (SELECT jsonb_agg(jsonb_build_object('version', d.pair_version, 'verdict', d.verdict, 'reason', d.reason_code,
                                                          'by', a.name, 'at', d.decided_at) ORDER BY d.pair_version)
                      FROM decision d JOIN account a USING (account_id) WHERE d.pair_id = p.pair_id),
        'messages', (SELECT jsonb_agg(jsonb_build_object('alert', m.alert_id, 'msg', m.msg, 'tier', m.tier, 'at', m.created_at,
                                                         'provisional', m.provisional, 'policy', m.policy_version, 'posts',
                                                         (SELECT jsonb_object_agg(d.post_id, d.state) FROM delivery d
                                                          WHERE d.alert_id = m.alert_id)) ORDER BY m.created_at)
                     FROM alert m WHERE m.pair_id = p.pair_id),
        'waiting', (SELECT jsonb_agg(jsonb_build_object('task', t.public_id, 'kind', t.kind, 'due', t.due_at, 'step', t.step))
                    FROM review_task t WHERE t.pair_id = p.pair_id AND t.state = 'open')));
END
$$;
COMMENT ON FUNCTION pair_explain IS 'Why a pair is what it is and what was decided of it, by codes and opaque ids; writes its own audit entry. NULL: no such pair.';

REVOKE ALL ON FUNCTION explain_person, pair_explain FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pair_explain TO hulei_engine;
