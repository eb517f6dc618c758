-- Deploy hulei:answers to pg
SET ROLE hulei_owner;
SET search_path = hulei;

ALTER TABLE review_task DROP CONSTRAINT review_task_kind_check;
ALTER TABLE review_task ADD CONSTRAINT review_task_kind_check
    CHECK (kind IN ('pair', 'identity', 'ask_owner', 'sign', 'delivery', 'data_fault'));
COMMENT ON COLUMN review_task.kind IS 'delivery: an alert that no post takes on; it closes when one does.';
CREATE UNIQUE INDEX review_task_open_delivery ON review_task ((detail->>'alert')) WHERE kind = 'delivery' AND state = 'open';

COMMENT ON COLUMN escalation.step IS '0: the post said that it cannot; from 1: nobody acknowledged in time.';

-- ---- handing on ----

-- An alert that nobody takes on waits for a human; twice is once.
CREATE FUNCTION alert_ask_human(in_alert text, in_tier smallint, in_post text, in_reason text) RETURNS void
LANGUAGE sql
SET search_path = hulei, pg_temp
AS $$
    INSERT INTO review_task (kind, tier, due_at, detail)
    VALUES ('delivery', in_tier, review_due(in_tier, clock()),
            jsonb_build_object('alert', in_alert, 'post', in_post, 'reason', in_reason))
    ON CONFLICT DO NOTHING
$$;

-- Gives an alert to one more post, once per (alert, post, step); false when that post has it already.
CREATE FUNCTION alert_hand_on(in_alert alert, in_from text, in_to text, in_step int) RETURNS boolean
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    series text;
BEGIN
    INSERT INTO escalation (alert_id, post_id, step, to_post, at)
    VALUES (in_alert.alert_id, in_from, in_step, in_to, clock())
    ON CONFLICT DO NOTHING;
    INSERT INTO alert_series (series_id, pair_id, emergency_id, post_id, opened_quarter)
    VALUES ('sr-' || replace(gen_random_uuid()::text, '-', ''), in_alert.pair_id, in_alert.emergency_id, in_to,
            to_char(clock() AT TIME ZONE 'Asia/Shanghai', 'YYYY"Q"Q'))
    ON CONFLICT DO NOTHING;
    SELECT s.series_id INTO STRICT series FROM alert_series s
    WHERE s.post_id = in_to AND (s.pair_id = in_alert.pair_id OR s.emergency_id = in_alert.emergency_id);
    INSERT INTO delivery (alert_id, post_id, series_id, state) VALUES (in_alert.alert_id, in_to, series, 'queued')
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO outbox (kind, topic, key, not_before, alert_id, post_id, series_id, seq, is_urgent)
    SELECT 'alert', alert_topic(t, in_alert.status), series, clock(), in_alert.alert_id, in_to, series,
           1 + coalesce((SELECT max(o.seq) FROM outbox o WHERE o.series_id = series), 0), in_alert.is_emergency
    FROM post t WHERE t.post_id = in_to;
    PERFORM pg_notify('hulei_outbox', '');
    RETURN true;
END
$$;

-- ---- what an answer leads to ----

-- What came of it goes back to the departments whose records it rests on, in the words of their own keys.
CREATE FUNCTION outcome_tell(in_pair pair, in_view text, in_outcome text) RETURNS void
LANGUAGE sql
SET search_path = hulei, pg_temp
AS $$
    INSERT INTO outbox (kind, topic, key, payload, not_before)
    SELECT 'outcome', regexp_replace(s.topic, '^hulei\.feed\.', 'hulei.receipt.'), s.urn,
           convert_to(jsonb_build_object('source', s.urn, 'outcomes', jsonb_agg(DISTINCT jsonb_build_object(
               'subject', r.subject, 'outcome', in_outcome, 'by', in_view,
               'at', to_char(clock() AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'))))::text,
               'UTF8'), clock()
    FROM mention m
    JOIN record r ON r.record_id = m.record_id AND r.state = 'live'
    JOIN source s ON s.source_id = r.source_id
    WHERE m.person_id IN (in_pair.child_person, in_pair.risk_person) AND m.slot = 0
    GROUP BY s.source_id, s.topic, s.urn
    ORDER BY s.source_id
$$;

-- True when every post that was to act has closed, or said that it cannot and was relieved. Leads that were only drawn
-- in for want of an acknowledgement need not; alerts that an update replaced count no more.
CREATE FUNCTION pair_is_done(in_pair_id bigint) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
RETURN NOT EXISTS (
    SELECT FROM alert_standing(in_pair_id) AS s
    JOIN delivery d ON d.alert_id = s.alert_id AND d.post_id = s.post_id
    JOIN post t ON t.post_id = s.post_id
    WHERE t.view <> 'office' AND d.state NOT IN ('closed', 'cannot')
      AND NOT EXISTS (SELECT FROM alert u JOIN delivery x ON x.alert_id = u.alert_id AND x.post_id = s.post_id
                      WHERE u.msg = 'update' AND s.alert_id = ANY (u.refs))
      AND NOT EXISTS (SELECT FROM escalation e
                      WHERE e.alert_id = s.alert_id AND e.to_post = s.post_id AND e.step > 0));

CREATE FUNCTION answer_take(in_alert_id text, in_post text, in_state text, in_outcome text, in_who text,
                            OUT is_reopened boolean, OUT is_rerouted boolean)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    a alert;
    p pair;
    t post;
    lead text;
    outcome CONSTANT text := nullif(in_outcome, '');
BEGIN
    is_reopened := false;
    is_rerouted := false;
    SELECT * INTO a FROM alert WHERE alert_id = in_alert_id;
    SELECT * INTO p FROM pair WHERE pair_id = a.pair_id FOR UPDATE; -- as every change of a pair: the pair first
    SELECT * INTO t FROM post WHERE post_id = in_post;
    UPDATE delivery SET state = in_state, acked_at = coalesce(acked_at, clock()), outcome_code = outcome, next_at = NULL
    WHERE alert_id = in_alert_id AND post_id = in_post;
    PERFORM audit_append(CASE session_user WHEN 'hulei_console' THEN 'console' ELSE 'courier' END, in_post, 'post', 'alert_' || in_state, 'deliver', NULL, in_alert_id,
                         jsonb_strip_nulls(jsonb_build_object('post', in_post, 'who', nullif(in_who, ''),
                                                              'outcome', outcome)));
    IF in_state = 'closed' OR in_state <> 'cannot' AND a.msg <> 'cancel' THEN
        UPDATE review_task SET state = 'done', closed_at = clock()
        WHERE kind = 'delivery' AND state = 'open' AND detail->>'alert' = in_alert_id;
    END IF;
    IF a.msg = 'cancel' AND in_state = 'cannot' THEN
        PERFORM alert_ask_human(in_alert_id, a.tier, in_post, 'NOT_DELETED');
    END IF;
    IF a.msg NOT IN ('alert', 'update') THEN
        RETURN; -- that a close was read, or what a cancel took back is deleted
    ELSIF a.is_emergency THEN
        is_rerouted := emergency_answered(a, t, in_state, outcome);
        RETURN;
    END IF;
    IF in_state IN ('closed', 'cannot') AND outcome IS NOT NULL THEN
        PERFORM outcome_tell(p, t.view, outcome);
    END IF;
    IF in_state IN ('closed', 'cannot') AND outcome IN ('wrong_person', 'wrong_address') THEN
        IF p.state IN ('accepted', 'closed') THEN
            PERFORM pair_event(p.pair_id, p.version, 'reopen', in_post,
                               jsonb_build_object('reason_code', upper(outcome), 'post', in_post, 'alert', in_alert_id));
            is_reopened := true;
        END IF;
    ELSIF in_state = 'cannot' AND p.state = 'accepted' THEN
        SELECT l.post_id INTO lead FROM post l WHERE l.post_id = post_lead(t.post_id) AND l.active;
        is_rerouted := lead IS NOT NULL AND alert_hand_on(a, in_post, lead, 0);
        IF NOT is_rerouted THEN
            PERFORM alert_ask_human(in_alert_id, a.tier, in_post, 'CANNOT');
        END IF;
    ELSIF in_state = 'closed' AND p.state = 'accepted' AND pair_is_done(p.pair_id) THEN
        PERFORM pair_event(p.pair_id, p.version, 'close', in_post, '{}');
    END IF;
END
$$;
COMMENT ON FUNCTION answer_take IS 'An effective answer of a post: the delivery follows it, and with it what E.2 and E.5 of the domain say.';

-- ---- the false-link figure (DOMAIN.md D.1) ----

-- The share that so many wrong ones among so many are below with 95 % confidence (Clopper and Pearson, one-sided): none
-- wrong among n gives about 3/n, the rule of three. Found by halving; the binomial sum is made in logarithms.
CREATE FUNCTION share_upper_95(in_wrong bigint, in_checked bigint) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT
AS $$
DECLARE
    low double precision := 0;
    high double precision := 1;
    share double precision;
    term double precision;
    total double precision;
BEGIN
    IF in_wrong >= in_checked THEN
        RETURN 1;
    END IF;
    FOR turn IN 1 .. 50 LOOP
        share := (low + high) / 2;
        term := in_checked * ln(1 - share);
        total := 0;
        FOR k IN 0 .. in_wrong LOOP
            total := total + CASE WHEN term > -700 THEN exp(term) ELSE 0 END;
            term := term + ln((in_checked - k)::double precision / (k + 1)) + ln(share / (1 - share));
        END LOOP;
        IF total > 0.05 THEN
            low := share;
        ELSE
            high := share;
        END IF;
    END LOOP;
    RETURN high;
END
$$;

-- Pairs of which a post says that it met them: as told, or not. Where nobody was found, nothing was checked.
CREATE FUNCTION false_links(OUT checked bigint, OUT wrong bigint, OUT upper double precision)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    SELECT n.checked, n.wrong, share_upper_95(n.wrong, n.checked)
    FROM (SELECT count(DISTINCT a.pair_id) AS checked,
                 count(DISTINCT a.pair_id) FILTER (WHERE d.outcome_code IN ('wrong_person', 'wrong_address')) AS wrong
          FROM delivery d JOIN alert a USING (alert_id)
          WHERE a.pair_id IS NOT NULL
            AND d.outcome_code IN ('done', 'already_known', 'wrong_person', 'wrong_address')) AS n
$$;
COMMENT ON FUNCTION false_links IS 'Links that posts checked and found wrong, and the upper 95 % bound of their share; 1 where none was checked.';

REVOKE ALL ON FUNCTION alert_ask_human, alert_hand_on, outcome_tell, pair_is_done, answer_take, share_upper_95, false_links FROM PUBLIC;
GRANT EXECUTE ON FUNCTION answer_take, false_links TO hulei_courier;
