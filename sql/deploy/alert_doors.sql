-- Deploy hulei:alert_doors to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- What a reviewer may do with alerts that are out (`hulei alert`): look, send again, take back, hold back, hold an exercise.
-- Every call names an account and leaves an audit entry; alerts are shown by pseudonyms only.

CREATE FUNCTION alert_note(who account, in_action text, in_alert text, in_detail jsonb) RETURNS void
LANGUAGE sql
SET search_path = hulei, pg_temp
AS $$
    SELECT audit_append('console', who.name, 'reviewer', in_action, 'deliver', NULL, in_alert, jsonb_strip_nulls(in_detail))
$$;

CREATE FUNCTION alert_delivery_shown(d delivery) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object(
        'alert', a.alert_id, 'post', d.post_id, 'tier', a.tier, 'rule', a.rule, 'msg', a.msg, 'status', a.status,
        'state', d.state, 'sent_at', d.sent_at, 'ack_by', d.ack_by, 'act_by', d.act_by, 'outcome', d.outcome_code,
        'step', d.step, 'repeats', d.repeats, 'child', s.child_pseudonym, 'risk', s.risk_pseudonym,
        'muted_until', alert_muted_until(a.alert_id, d.post_id)))
    FROM alert a JOIN alert_series s ON s.series_id = d.series_id
    WHERE a.alert_id = d.alert_id
$$;

CREATE FUNCTION alert_list(in_account bigint, in_post text, in_state text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    who CONSTANT account := account_with_role(in_account, '{reviewer}');
BEGIN
    PERFORM alert_note(who, 'alert_list', NULL, jsonb_build_object('post', in_post, 'state', in_state));
    RETURN (SELECT coalesce(jsonb_agg(alert_delivery_shown(d) ORDER BY d.queued_at DESC, d.alert_id, d.post_id), '[]')
            FROM (SELECT * FROM delivery
                  WHERE (in_post IS NULL OR post_id = in_post)
                    AND CASE WHEN in_state IS NULL THEN state NOT IN ('closed', 'gave_up') ELSE state = in_state END
                  ORDER BY queued_at DESC LIMIT 500) AS d);
END
$$;

CREATE FUNCTION alert_show(in_account bigint, in_alert text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    who CONSTANT account := account_with_role(in_account, '{reviewer}');
BEGIN
    IF NOT EXISTS (SELECT FROM alert WHERE alert_id = in_alert) THEN
        RAISE EXCEPTION 'no such alert' USING ERRCODE = 'HL002';
    END IF;
    PERFORM alert_note(who, 'alert_look', in_alert, '{}');
    RETURN (SELECT jsonb_build_object(
        'deliveries', (SELECT jsonb_agg(alert_delivery_shown(d) ORDER BY d.post_id) FROM delivery d WHERE d.alert_id = in_alert),
        'steps', (SELECT coalesce(jsonb_agg(jsonb_build_object('post', e.post_id, 'step', e.step, 'to', e.to_post, 'at', e.at)
                                            ORDER BY e.at, e.post_id), '[]') FROM escalation e WHERE e.alert_id = in_alert),
        'answers', (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('post', k.post_id, 'verdict', k.verdict,
                        'state', k.state, 'outcome', k.outcome_code, 'at', k.received_at)) ORDER BY k.ack_id), '[]')
                    FROM ack k WHERE k.alert_id = in_alert)));
END
$$;

-- Once more to one post, as a reminder of its own number.
CREATE FUNCTION alert_resend(in_account bigint, in_alert text, in_post text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    who CONSTANT account := account_with_role(in_account, '{reviewer}');
    d delivery;
BEGIN
    SELECT * INTO d FROM delivery WHERE alert_id = in_alert AND post_id = in_post FOR UPDATE;
    IF d.alert_id IS NULL OR d.state IN ('queued', 'gave_up') THEN
        RAISE EXCEPTION 'this post was not told' USING ERRCODE = 'HL002';
    END IF;
    PERFORM alert_remind(d);
    UPDATE delivery SET repeats = d.repeats + 1 WHERE alert_id = in_alert AND post_id = in_post;
    PERFORM alert_note(who, 'alert_resend', in_alert, jsonb_build_object('post', in_post, 'repeat', d.repeats + 1));
    PERFORM pg_notify('hulei_outbox', '');
    RETURN jsonb_build_object('alert', in_alert, 'post', in_post, 'repeat', d.repeats + 1);
END
$$;

-- Takes an alert back: the pair is looked at again and rejected by the account, which all posts hear as any rejection.
CREATE FUNCTION alert_cancel_by(in_account bigint, in_alert text, in_reason text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    who CONSTANT account := account_with_role(in_account, '{reviewer}');
    p pair;
    done record;
BEGIN
    SELECT p2.* INTO p FROM pair p2 JOIN alert a USING (pair_id) WHERE a.alert_id = in_alert FOR UPDATE OF p2;
    IF p.pair_id IS NULL THEN
        RAISE EXCEPTION 'no such alert of a pair' USING ERRCODE = 'HL002';
    END IF;
    SELECT * INTO done FROM pair_event(p.pair_id, p.version, 'reopen', who.name, jsonb_build_object('reason_code', in_reason));
    SELECT * INTO done FROM pair_event(p.pair_id, done.version, 'reject', who.name, jsonb_build_object(
        'account_id', who.account_id, 'reason_code', in_reason,
        'task_id', (SELECT task_id FROM review_task WHERE pair_id = p.pair_id AND kind = 'pair' AND state = 'open')));
    PERFORM alert_note(who, 'alert_cancel', in_alert, jsonb_build_object('reason', in_reason));
    RETURN jsonb_build_object('alert', in_alert, 'pair', p.public_id, 'state', done.state);
END
$$;

CREATE FUNCTION silence_put(in_account bigint, in_post text, in_rule text, in_area text, in_alert text, in_reason text,
                            in_days int) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    who CONSTANT account := account_with_role(in_account, '{reviewer}');
    begins CONSTANT timestamptz := clock();
    made silence;
BEGIN
    INSERT INTO silence (post_id, rule, area, alert_id, reason_code, from_time, until, account_id)
    VALUES (in_post, in_rule, in_area, in_alert, in_reason, begins, begins + make_interval(days => in_days), who.account_id)
    RETURNING * INTO made;
    PERFORM alert_note(who, 'alert_silence', in_alert, to_jsonb(made) - 'account_id');
    RETURN jsonb_build_object('silence', made.silence_id, 'until', made.until);
END
$$;

CREATE FUNCTION silence_end(in_account bigint, in_silence bigint) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    who CONSTANT account := account_with_role(in_account, '{reviewer}');
    ended silence;
BEGIN
    UPDATE silence SET until = greatest(clock(), from_time + interval '1 ms') WHERE silence_id = in_silence AND until > clock()
    RETURNING * INTO ended;
    IF ended.silence_id IS NULL THEN
        RAISE EXCEPTION 'no such silence' USING ERRCODE = 'HL002';
    END IF;
    UPDATE delivery SET next_at = NULL WHERE state IN ('queued', 'sent') AND next_at < 'infinity'; -- planned anew
    PERFORM alert_note(who, 'alert_unsilence', ended.alert_id, jsonb_build_object('silence', in_silence));
    RETURN jsonb_build_object('silence', in_silence, 'until', ended.until);
END
$$;

-- Somebody told the guardians of an emergency, named by it or by an alert of it; the account says so.
CREATE FUNCTION alert_notice(in_account bigint, in_emergency text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    who CONSTANT account := account_with_role(in_account, '{reviewer}');
    named text;
BEGIN
    SELECT e.public_id INTO named FROM emergency e
    WHERE e.public_id = in_emergency
       OR e.emergency_id = (SELECT a.emergency_id FROM alert a WHERE a.alert_id = in_emergency);
    PERFORM notice_given(named, who.account_id);
    RETURN (SELECT jsonb_build_object('emergency', named, 'given_at', n.given_at, 'due_at', n.due_at)
            FROM emergency_notice n JOIN emergency e USING (emergency_id) WHERE e.public_id = named);
END
$$;
COMMENT ON FUNCTION alert_notice IS 'HL002: there is no such notice, or it was given.';

CREATE FUNCTION exercise_set(in_account bigint, in_status text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    who CONSTANT account := account_with_role(in_account, '{reviewer}');
BEGIN
    IF in_status IS NULL OR in_status NOT IN ('actual', 'exercise') THEN
        RAISE EXCEPTION 'actual or exercise' USING ERRCODE = 'HL002';
    END IF;
    INSERT INTO setting VALUES ('alert_status', in_status) ON CONFLICT (name) DO UPDATE SET value = excluded.value;
    PERFORM alert_note(who, 'alert_status', NULL, jsonb_build_object('status', in_status));
    RETURN jsonb_build_object('status', in_status);
END
$$;
COMMENT ON FUNCTION exercise_set IS 'Alerts issued from now on carry this status; those that are out keep theirs.';

REVOKE ALL ON FUNCTION alert_note, alert_delivery_shown, alert_list, alert_show, alert_resend, alert_cancel_by,
    silence_put, silence_end, alert_notice, exercise_set FROM PUBLIC;
GRANT EXECUTE ON FUNCTION alert_list, alert_show, alert_resend, alert_cancel_by, silence_put, silence_end, alert_notice,
    exercise_set TO hulei_console;
