-- Deploy hulei:pair_life to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE TABLE pair_transition (
    event      text NOT NULL,
    from_state text NOT NULL,
    outcome    text NOT NULL DEFAULT '',
    to_state   text NOT NULL,
    PRIMARY KEY (event, from_state, outcome)
);
COMMENT ON TABLE pair_transition IS 'The life of a pair (DOMAIN.md E.2): an event not listed for a state is impossible there.';
COMMENT ON COLUMN pair_transition.outcome IS 'Of an undo the verdict it takes back; of the end of a dispute: upheld, or rejected and the state that is resumed.';
INSERT INTO pair_transition (event, from_state, to_state) VALUES
    -- what the rules say
    ('open',        'candidate',  'in_review'),
    ('update',      'in_review',  'in_review'),
    ('update',      'needs_info', 'in_review'),
    ('update',      'accepted',   'in_review'),
    ('update',      'rejected',   'in_review'),
    ('update',      'disputed',   'disputed'),
    ('update',      'closed',     'in_review'),
    ('update',      'retracted',  'in_review'),
    ('update',      'expired',    'in_review'),
    ('retract',     'candidate',  'retracted'),
    ('retract',     'in_review',  'retracted'),
    ('retract',     'needs_info', 'retracted'),
    ('retract',     'accepted',   'retracted'),
    ('retract',     'rejected',   'retracted'),
    ('retract',     'disputed',   'retracted'),
    ('retract',     'closed',     'retracted'),
    ('retract',     'expired',    'retracted'),
    ('expire',      'candidate',  'expired'),
    ('expire',      'in_review',  'expired'),
    ('expire',      'needs_info', 'expired'),
    ('expire',      'accepted',   'expired'),
    ('expire',      'rejected',   'expired'),
    ('expire',      'disputed',   'expired'),
    ('expire',      'closed',     'expired'),
    -- what named humans decide
    ('accept',      'in_review',  'accepted'),
    ('accept',      'needs_info', 'accepted'),
    ('reject',      'in_review',  'rejected'),
    ('reject',      'needs_info', 'rejected'),
    ('needs_info',  'in_review',  'needs_info'),
    ('unsure',      'in_review',  'in_review'),
    ('unsure',      'needs_info', 'in_review'),
    ('sign',        'accepted',   'accepted'),
    ('sign',        'closed',     'closed'),
    ('sign',        'disputed',   'disputed'),
    ('refuse_sign', 'accepted',   'rejected'),
    ('refuse_sign', 'closed',     'rejected'),
    ('refuse_sign', 'disputed',   'disputed'),
    -- what posts and time say
    ('close',       'accepted',   'closed'),
    ('reopen',      'accepted',   'in_review'),
    ('reopen',      'closed',     'in_review'),
    -- objections
    ('dispute',     'candidate',  'disputed'),
    ('dispute',     'in_review',  'disputed'),
    ('dispute',     'needs_info', 'disputed'),
    ('dispute',     'accepted',   'disputed'),
    ('dispute',     'rejected',   'disputed'),
    ('dispute',     'closed',     'disputed');
INSERT INTO pair_transition (event, from_state, outcome, to_state) VALUES
    ('undo',        'accepted',   'accept',              'in_review'),
    ('undo',        'rejected',   'reject',              'in_review'),
    ('undo',        'needs_info', 'needs_info',          'in_review'),
    ('undo',        'in_review',  'unsure',              'in_review'),
    ('undo',        'accepted',   'sign',                'accepted'),
    ('undo',        'closed',     'sign',                'closed'),
    ('undo',        'disputed',   'sign',                'disputed'),
    ('undo',        'rejected',   'refuse_sign',         'in_review'),
    ('undo',        'disputed',   'refuse_sign',         'disputed'),
    ('dispute_end', 'disputed',   'upheld',              'retracted'),
    ('dispute_end', 'disputed',   'rejected candidate',  'candidate'),
    ('dispute_end', 'disputed',   'rejected in_review',  'in_review'),
    ('dispute_end', 'disputed',   'rejected needs_info', 'needs_info'),
    ('dispute_end', 'disputed',   'rejected accepted',   'accepted'),
    ('dispute_end', 'disputed',   'rejected rejected',   'rejected'),
    ('dispute_end', 'disputed',   'rejected closed',     'closed');

-- Due times of the review by tier; red runs round the clock, working time comes with the calendar feed.
CREATE FUNCTION review_due(tier smallint, from_time timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE
RETURN from_time + (ARRAY[interval '1 hour', interval '24 hours', interval '3 days', interval '10 days'])[tier];
COMMENT ON FUNCTION review_due IS 'DOMAIN.md E.4, column Review due.';

-- Messages to the posts of a pair: one alert row, then per post its delivery, series and outbox row.
CREATE FUNCTION alert_issue(in_pair pair, in_decision bigint, in_msg text, in_refs text[], in_posts text[],
                            in_not_before timestamptz, in_provisional boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    new_alert text;
    quarter CONSTANT text := to_char(clock() AT TIME ZONE 'Asia/Shanghai', 'YYYY"Q"Q');
BEGIN
    INSERT INTO alert (pair_id, pair_version, decision_id, tier, rule, reasons, evidence, policy_version, msg, refs,
                       provisional)
    VALUES (in_pair.pair_id, in_pair.version, in_decision, in_pair.tier, in_pair.rule, in_pair.reasons,
            in_pair.evidence, in_pair.policy_version, in_msg, in_refs, in_provisional)
    RETURNING alert_id INTO new_alert;

    INSERT INTO alert_series (series_id, pair_id, post_id, opened_quarter)
    SELECT 'sr-' || replace(gen_random_uuid()::text, '-', ''), in_pair.pair_id, p, quarter
    FROM unnest(in_posts) AS p
    ON CONFLICT (pair_id, post_id) DO NOTHING;

    INSERT INTO delivery (alert_id, post_id, series_id, state)
    SELECT new_alert, s.post_id, s.series_id, 'queued'
    FROM alert_series s WHERE s.pair_id = in_pair.pair_id AND s.post_id = ANY (in_posts);

    INSERT INTO outbox (kind, topic, key, not_before, group_id, alert_id, post_id, series_id, seq)
    SELECT 'alert', alert_topic(t, a.status), s.series_id, w.leaves_at, w.group_id, new_alert, s.post_id, s.series_id,
           1 + coalesce((SELECT max(o.seq) FROM outbox o WHERE o.series_id = s.series_id), 0)
    FROM alert a
    JOIN alert_series s ON s.pair_id = a.pair_id
    JOIN post t ON t.post_id = s.post_id
    CROSS JOIN LATERAL alert_group_join(a, s.post_id, in_not_before) AS w
    WHERE a.alert_id = new_alert AND s.post_id = ANY (in_posts)
    ORDER BY s.post_id;

    PERFORM pg_notify('hulei_outbox', '');
    RETURN new_alert;
END
$$;
COMMENT ON FUNCTION alert_issue IS 'Not granted to any role: only pair_event() and forget_records() call it.';

-- What posts may hold of a pair: alerts and updates that neither gave up nor were followed there by one of the endings.
CREATE FUNCTION alert_standing(in_pair_id bigint, in_endings text[] DEFAULT '{cancel,close}') RETURNS TABLE (alert_id text, post_id text)
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT d.alert_id, d.post_id
    FROM delivery d JOIN alert a USING (alert_id)
    WHERE a.pair_id = in_pair_id AND a.msg IN ('alert', 'update') AND d.state <> 'gave_up'
      AND NOT EXISTS (
            SELECT FROM delivery x JOIN alert c USING (alert_id)
            WHERE c.pair_id = in_pair_id AND c.msg = ANY (in_endings) AND c.pair_version >= a.pair_version
              AND x.post_id = d.post_id)
$$;

-- Tells every post that may have read something of the pair that it no longer holds; unsent messages just go. The
-- courier counts an attempt before a message leaves: such a row may be in the broker's hands, and its post is told.
CREATE FUNCTION alert_withdraw(in_pair pair, in_msg text, in_not_before timestamptz DEFAULT clock()) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    told text[];
    told_alerts text[];
BEGIN
    UPDATE review_task t SET state = 'cancelled', closed_at = clock() FROM alert a
    WHERE a.pair_id = in_pair.pair_id AND t.kind = 'delivery' AND t.state = 'open' AND t.detail->>'alert' = a.alert_id;
    UPDATE outbox o SET state = 'withdrawn' FROM alert a
    WHERE a.pair_id = in_pair.pair_id AND o.alert_id = a.alert_id AND o.state IN ('queued', 'muted')
      AND a.msg IN ('alert', 'update');
    WITH gone AS (
        DELETE FROM outbox o USING alert a
        WHERE a.pair_id = in_pair.pair_id AND o.alert_id = a.alert_id AND o.state = 'withdrawn' AND o.attempts = 0
        RETURNING o.alert_id, o.post_id
    )
    UPDATE delivery d SET state = 'gave_up' FROM gone g
    WHERE d.alert_id = g.alert_id AND d.post_id = g.post_id AND d.state = 'queued';

    SELECT array_agg(DISTINCT s.post_id ORDER BY s.post_id), array_agg(DISTINCT s.alert_id) INTO told, told_alerts
    FROM alert_standing(in_pair.pair_id, CASE in_msg WHEN 'cancel' THEN '{cancel}' ELSE '{cancel,close}' END::text[]) AS s;

    UPDATE delivery d SET state = 'gave_up' FROM alert a
    WHERE a.pair_id = in_pair.pair_id AND d.alert_id = a.alert_id AND d.state = 'queued' AND a.msg IN ('alert', 'update');
    IF told IS NOT NULL THEN
        PERFORM alert_issue(in_pair, NULL, in_msg, told_alerts, told, in_not_before);
    END IF;
END
$$;

-- plpgsql keeps the plans of these small ones; a batch may call them a thousand times.
CREATE FUNCTION review_task_open(in_pair pair) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
BEGIN
    INSERT INTO review_task (kind, pair_id, tier, due_at)
    VALUES ('pair', in_pair.pair_id, in_pair.tier, review_due(in_pair.tier, in_pair.completed_at))
    ON CONFLICT (pair_id) WHERE state = 'open'
    DO UPDATE SET tier = excluded.tier, due_at = least(review_task.due_at, excluded.due_at), step_at = NULL;
END
$$;

CREATE FUNCTION review_task_close(in_pair_id bigint, in_state text) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
BEGIN
    UPDATE review_task SET state = in_state, closed_at = clock()
    WHERE pair_id = in_pair_id AND state = 'open';
END
$$;

-- The audit entry of an event, with what it issued; in the lane of the role that acts.
CREATE FUNCTION pair_audit(in_pair pair, in_event text, in_actor text, in_detail jsonb) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    lane CONSTANT text := CASE session_user WHEN 'hulei_engine' THEN 'engine' WHEN 'hulei_courier' THEN 'courier'
                                            ELSE 'console' END;
    alerts text[];
    posts text[];
BEGIN
    SELECT array_agg(DISTINCT a.alert_id), array_agg(DISTINCT d.post_id) INTO alerts, posts
    FROM alert a JOIN delivery d USING (alert_id)
    WHERE a.pair_id = in_pair.pair_id AND a.pair_version = in_pair.version;
    PERFORM audit_append(lane, in_actor, lane, 'pair_' || in_event, 'review', NULL, alerts[1], jsonb_strip_nulls(
        jsonb_build_object('pair', in_pair.public_id, 'version', in_pair.version, 'state', in_pair.state,
                           'task', in_detail->'task_id', 'reason', in_detail->'reason_code',
                           'alerts', to_jsonb(alerts), 'posts', to_jsonb(posts))));
END
$$;

-- Which of the outcomes of the table an event has here.
CREATE FUNCTION pair_outcome(in_pair pair, in_event text, in_detail jsonb) RETURNS text
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
RETURN CASE in_event
    WHEN 'undo' THEN (SELECT d.verdict FROM decision d
                      WHERE d.pair_id = in_pair.pair_id AND d.pair_version = in_pair.version)
    WHEN 'dispute_end' THEN CASE in_detail->>'outcome' WHEN 'upheld' THEN 'upheld'
                                                       WHEN 'rejected' THEN 'rejected ' || in_pair.resume_state END
    ELSE ''
END;

-- Who may say what: decisions come from the console, what rules and time say does not. A reviewer may open what the
-- rules only count.
CREATE FUNCTION pair_event_guard(in_event text, in_detail jsonb) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
BEGIN
    IF in_event IN ('accept', 'reject', 'needs_info', 'unsure', 'undo', 'sign', 'refuse_sign')
       AND session_user IN ('hulei_engine', 'hulei_courier') THEN
        RAISE EXCEPTION 'only the console takes decisions' USING ERRCODE = 'HL003';
    ELSIF in_event IN ('update', 'retract', 'expire') AND session_user = 'hulei_console' THEN
        RAISE EXCEPTION 'only the engine says what the rules say' USING ERRCODE = 'HL003';
    ELSIF in_event = 'open' AND session_user = 'hulei_console' THEN
        PERFORM decision_account(in_event, in_detail);
    END IF;
END
$$;

-- A state that is left takes with it what belongs to it alone.
CREATE FUNCTION pair_step(in_pair pair, in_event text, in_before text, in_after text) RETURNS pair
LANGUAGE sql
SET search_path = hulei, pg_temp
AS $$
    UPDATE pair SET
        state = in_after,
        version = version + 1,
        updated_at = clock(),
        resume_state = CASE WHEN in_after <> 'disputed' THEN NULL
                            WHEN in_event = 'dispute' THEN in_before
                            WHEN in_event = 'refuse_sign' THEN 'rejected'
                            WHEN in_event = 'update' OR (in_event = 'undo' AND in_pair.resume_state = 'rejected')
                                THEN 'in_review'
                            ELSE in_pair.resume_state END,
        rereview_at = CASE WHEN in_after IN ('accepted', 'closed', 'disputed') THEN rereview_at END
    WHERE pair_id = in_pair.pair_id
    RETURNING *
$$;

CREATE FUNCTION pair_event(in_pair_id bigint, in_expected_version int, in_event text, in_actor text, in_detail jsonb,
                           OUT version int, OUT state text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    p pair;
    before text;
    after text;
BEGIN
    SELECT * INTO p FROM pair WHERE pair_id = in_pair_id FOR UPDATE;
    IF p.pair_id IS NULL THEN
        RAISE EXCEPTION 'no such pair' USING ERRCODE = 'HL002';
    END IF;
    IF p.version <> in_expected_version THEN
        RAISE EXCEPTION 'the pair changed in between' USING ERRCODE = 'HL001';
    END IF;
    before := p.state;
    SELECT to_state INTO after FROM pair_transition
    WHERE event = in_event AND from_state = before AND outcome = pair_outcome(p, in_event, in_detail);
    IF after IS NULL THEN
        RAISE EXCEPTION 'event % is impossible in state %', in_event, before USING ERRCODE = 'HL002';
    END IF;
    PERFORM pair_event_guard(in_event, in_detail);

    p := pair_step(p, in_event, before, after);
    INSERT INTO pair_log (pair_id, version, event, from_state, to_state, actor, policy_version, detail)
    VALUES (p.pair_id, p.version, in_event, before, after, in_actor, p.policy_version, in_detail);

    CASE
        WHEN in_event IN ('open', 'update') THEN
            IF before IN ('accepted', 'closed') THEN
                PERFORM review_task_close(p.pair_id, 'cancelled'); -- what was to be signed is to be accepted anew
            END IF;
            IF in_event = 'open' AND in_detail ? 'account_id' THEN
                UPDATE pair SET completed_at = clock() WHERE pair_id = p.pair_id RETURNING * INTO p;
            END IF;
            IF after = 'in_review' THEN
                PERFORM review_task_open(p);
            END IF;
        WHEN in_event IN ('retract', 'expire') OR (in_event = 'dispute_end' AND after = 'retracted') THEN
            -- What no longer holds keeps no reasons; alert and pair_log keep what was told and done.
            UPDATE pair SET reasons = '{}', evidence = '{}' WHERE pair_id = p.pair_id RETURNING * INTO p;
            PERFORM alert_withdraw(p, 'cancel');
            PERFORM review_task_close(p.pair_id, 'cancelled');
        WHEN in_event = 'close' THEN
            PERFORM alert_withdraw(p, 'close');
        WHEN in_event = 'reopen' THEN
            PERFORM pair_reopen(p, in_actor, in_detail);
        WHEN in_event = 'dispute' THEN
            PERFORM pair_dispute(p);
        WHEN in_event = 'dispute_end' THEN
            PERFORM pair_resume(p);
        ELSE
            PERFORM pair_decide(p, in_event, in_actor, in_detail);
    END CASE;
    IF in_event NOT IN ('open', 'update') THEN
        PERFORM pair_audit(p, in_event, in_actor, in_detail);
    END IF;
    version := p.version;
    state := p.state;
END
$$;
COMMENT ON FUNCTION pair_event IS 'The only door for a change of a pair''s state. HL001: version conflict; HL002: impossible; HL003: not of the role; HL004: identity only probable; HL006: too late to undo; HL013: a second person signs.';

-- Whether a reviewer rejected this evidence, of these two or of persons that were merged into them.
CREATE FUNCTION rejection_is_remembered(in_subject text, in_subject_id bigint, in_risk bigint, in_evidence_hash bytea)
    RETURNS boolean
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    WITH RECURSIVE subject_kin (id) AS (
        SELECT in_subject_id
        UNION SELECT p.person_id FROM person p JOIN subject_kin k ON p.alias_of = k.id WHERE in_subject = 'child'
    ), risk_kin (id) AS (
        SELECT in_risk UNION SELECT p.person_id FROM person p JOIN risk_kin k ON p.alias_of = k.id
    )
    SELECT EXISTS (SELECT FROM subject_kin s CROSS JOIN risk_kin k
                   JOIN pair_rejection r ON r.subject = in_subject AND r.subject_id = s.id AND r.risk_person = k.id
                                        AND r.evidence_hash = in_evidence_hash)
$$;

CREATE FUNCTION pair_put(in_subject_id bigint, in_risk bigint, in_tier smallint, in_rule text, in_reasons text[],
                         in_evidence jsonb, in_evidence_hash bytea, in_policy_version text, in_completed_at timestamptz,
                         in_subject text DEFAULT 'child',
                         OUT pair_id bigint, OUT version int, OUT state text, OUT changed boolean)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    p pair;
    is_new boolean := false;
    is_same boolean;
    is_remembered boolean;
    next_event text;
BEGIN
    IF in_evidence->'areas' = '[]' THEN -- nobody knows where: the posts of the department's own area are asked
        in_evidence := in_evidence || jsonb_build_object('areas', coalesce((
            SELECT jsonb_agg(rpad(substring(s.urn FROM '^urn:hulei:([0-9]{6,12}):'), 12, '0'))
            FROM record r JOIN source s USING (source_id)
            WHERE r.record_id = (in_evidence->>'concern_record')::bigint), '[]'));
    END IF;
    SELECT * INTO p FROM pair
    WHERE subject = in_subject AND subject_id = in_subject_id AND risk_person = in_risk FOR UPDATE;
    IF p.pair_id IS NULL THEN
        INSERT INTO pair (subject, child_person, unit_key, risk_person, state, tier, rule, reasons, evidence,
                          evidence_hash, policy_version, completed_at)
        VALUES (in_subject, CASE in_subject WHEN 'child' THEN in_subject_id END,
                CASE in_subject WHEN 'unit' THEN in_subject_id END, in_risk, 'candidate', in_tier, in_rule, in_reasons,
                in_evidence, in_evidence_hash, in_policy_version, in_completed_at)
        RETURNING * INTO p;
        is_new := true;
    END IF;
    pair_id := p.pair_id;
    version := p.version;
    state := p.state;
    changed := false;
    is_same := p.evidence_hash = in_evidence_hash AND p.tier = in_tier AND p.rule = in_rule;
    IF NOT is_new AND is_same AND p.state NOT IN ('retracted', 'expired') THEN
        RETURN; -- the same evidence asks nothing again
    ELSIF p.state = 'disputed' AND 'DISPUTED' = ANY (in_reasons) THEN
        RETURN; -- that it is disputed is no news of the pair
    ELSIF 'DISPUTED' = ANY (in_reasons) AND 'DISPUTED' <> ALL (p.reasons) AND p.state NOT IN ('retracted', 'expired') THEN
        SELECT coalesce(j.version, p.version), coalesce(j.state, p.state), j.version IS NOT NULL
        INTO version, state, changed FROM objection_join(p) AS j;
        RETURN; -- it came to a person of whom something is disputed
    END IF;
    is_remembered := rejection_is_remembered(in_subject, in_subject_id, in_risk, in_evidence_hash);
    IF is_remembered AND p.state IN ('rejected', 'closed', 'retracted', 'expired') THEN
        RETURN;
    END IF;
    next_event := CASE
        WHEN is_remembered THEN 'retract'
        WHEN is_new THEN 'open'
        -- A move is an event: when it is news no more, what was decided on the same ground stands.
        WHEN p.rule = 'O2' AND in_rule = 'Y1' AND p.state IN ('accepted', 'closed', 'rejected')
             AND substr(p.evidence_hash, 9) = substr(in_evidence_hash, 9) THEN NULL
        WHEN p.state = 'candidate' THEN 'open'
        ELSE 'update'
    END;
    IF NOT is_new THEN
        UPDATE pair SET tier = in_tier, rule = in_rule, reasons = in_reasons, evidence = in_evidence,
                        evidence_hash = in_evidence_hash, policy_version = in_policy_version,
                        completed_at = in_completed_at
        WHERE pair.pair_id = p.pair_id RETURNING * INTO p;
    END IF;
    IF next_event IS NULL THEN
        RETURN;
    END IF;
    SELECT e.version, e.state INTO version, state
    FROM pair_event(p.pair_id, p.version, next_event, 'engine',
                    jsonb_build_object('tier', in_tier, 'rule', in_rule, 'rejected_before', is_remembered)) AS e;
    changed := true;
END
$$;
COMMENT ON FUNCTION pair_put IS 'The engine''s door: stores what the rules say of a pair now, opens or reopens its review, or does nothing. in_subject_id: the child, the unit, or 0.';

REVOKE ALL ON FUNCTION alert_issue, alert_standing, alert_withdraw, review_task_open, review_task_close,
    pair_audit, rejection_is_remembered, pair_outcome, pair_event_guard, pair_step FROM PUBLIC;
