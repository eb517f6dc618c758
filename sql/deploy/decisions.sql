-- Deploy hulei:decisions to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE TABLE rereview_term (
    tier smallint PRIMARY KEY CHECK (tier BETWEEN 1 AND 4),
    days int NOT NULL CHECK (days > 0)
);
COMMENT ON TABLE rereview_term IS 'After so many days an accepted pair is looked at again though nothing changed (DOMAIN.md E.2).';
INSERT INTO rereview_term VALUES (1, 30), (2, 90), (3, 180);

INSERT INTO setting VALUES ('sign_within_minutes', '240');

CREATE FUNCTION undo_window() RETURNS interval
LANGUAGE sql STABLE
RETURN coalesce((SELECT make_interval(secs => value::int) FROM hulei.setting WHERE name = 'undo_window_s'), interval '60 s');

-- ---- who decides ----

-- The named human behind a decision.
CREATE FUNCTION decision_account(in_event text, in_detail jsonb) RETURNS account
LANGUAGE plpgsql STABLE
SET search_path = hulei, pg_temp
AS $$
BEGIN
    PERFORM session_speaks_for((in_detail->>'account_id')::bigint);
    RETURN account_with_role((in_detail->>'account_id')::bigint,
                             CASE WHEN in_event IN ('sign', 'refuse_sign', 'undo') THEN '{reviewer,second_reviewer}'
                                  ELSE '{reviewer}' END::text[]);
END
$$;

CREATE FUNCTION decision_task_guard(in_pair pair, in_event text, in_detail jsonb) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = hulei, pg_temp
AS $$
BEGIN
    IF in_event <> 'undo' AND in_detail->>'task_id' IS NOT NULL AND NOT EXISTS (
            SELECT FROM review_task t
            WHERE t.task_id = (in_detail->>'task_id')::bigint AND t.pair_id = in_pair.pair_id AND t.state = 'open') THEN
        RAISE EXCEPTION 'the task was decided in between' USING ERRCODE = 'HL001';
    END IF;
END
$$;

-- ---- accept ----

-- Red leaves on the word of one; within the time set another signs.
CREATE FUNCTION sign_task_open(in_pair pair, from_time timestamptz) RETURNS void
LANGUAGE sql
SET search_path = hulei, pg_temp
AS $$
    INSERT INTO review_task (kind, pair_id, tier, due_at)
    SELECT 'sign', in_pair.pair_id, in_pair.tier, from_time + make_interval(mins => s.value::int)
    FROM setting s WHERE s.name = 'sign_within_minutes'
$$;

CREATE FUNCTION decide_accept(in_pair pair, in_decision bigint) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    leaves_at CONSTANT timestamptz := clock() + undo_window();
    earlier text[];
    told text[];
    posts text[];
    dropped text[];
    issued text;
BEGIN
    IF in_pair.evidence->>'held' = 'true' THEN
        RAISE EXCEPTION 'one identity is only probable: decide the identity first' USING ERRCODE = 'HL004';
    END IF;
    SELECT array_agg(DISTINCT s.alert_id) FILTER (
               WHERE NOT EXISTS (SELECT FROM alert u WHERE u.msg = 'update' AND s.alert_id = ANY (u.refs))),
           array_agg(DISTINCT s.post_id)
    INTO earlier, told
    FROM alert_standing(in_pair.pair_id) AS s;
    posts := alert_posts(in_pair);
    -- Leads that were drawn in by escalation hear the update; posts that answer no longer get a cancel.
    SELECT posts || coalesce(array_agg(l.lead_post), '{}') INTO posts
    FROM (SELECT DISTINCT lead_post FROM post WHERE post_id = ANY (posts)) AS l
    WHERE l.lead_post = ANY (told) AND l.lead_post <> ALL (posts);
    issued := alert_issue(in_pair, in_decision, CASE WHEN earlier IS NULL THEN 'alert' ELSE 'update' END,
                          coalesce(earlier, '{}'), posts, leaves_at, in_pair.tier = 1);
    IF alert_is_unrouted(in_pair) THEN
        PERFORM alert_ask_human(issued, in_pair.tier, NULL, 'NO_POST');
    END IF;
    SELECT array_agg(t) INTO dropped FROM unnest(told) AS t WHERE t <> ALL (posts);
    IF dropped IS NOT NULL THEN
        PERFORM alert_issue(in_pair, NULL, 'cancel', earlier, dropped, leaves_at);
    END IF;
    UPDATE pair SET rereview_at = clock() + (SELECT make_interval(days => t.days) FROM rereview_term t
                                             WHERE t.tier = in_pair.tier)
    WHERE pair_id = in_pair.pair_id;
    PERFORM review_task_close(in_pair.pair_id, 'done');
    IF in_pair.tier = 1 THEN
        PERFORM sign_task_open(in_pair, leaves_at);
    END IF;
END
$$;

-- ---- reject ----

CREATE FUNCTION rejection_remember(in_pair pair) RETURNS void
LANGUAGE sql
SET search_path = hulei, pg_temp
AS $$
    INSERT INTO pair_rejection (subject, subject_id, risk_person, evidence_hash)
    VALUES (in_pair.subject, in_pair.subject_id, in_pair.risk_person, in_pair.evidence_hash)
    ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION decide_reject(in_pair pair) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
BEGIN
    PERFORM rejection_remember(in_pair);
    PERFORM alert_withdraw(in_pair, 'cancel', clock() + undo_window());
    PERFORM review_task_close(in_pair.pair_id, 'done');
END
$$;

-- ---- not yet: the owner is asked, or a colleague ----

-- The time to review begins anew, once per decision; a colleague's eyes do not stop it.
CREATE FUNCTION decide_wait(in_pair pair, in_event text, in_account account) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
BEGIN
    UPDATE review_task SET
        due_at = CASE in_event WHEN 'needs_info' THEN review_due(in_pair.tier, clock()) ELSE due_at END,
        step = CASE in_event WHEN 'needs_info' THEN 0 ELSE step END,
        step_at = CASE in_event WHEN 'needs_info' THEN NULL ELSE step_at END,
        detail = detail || jsonb_build_object(in_event || '_by', in_account.name)
    WHERE pair_id = in_pair.pair_id AND state = 'open';
END
$$;

-- ---- the second person's signature ----

-- What was accepted is said again, marked while it is disputed: as an update to those that hold it, or as a new alert.
CREATE FUNCTION alert_say_again(in_pair pair, in_decision bigint, in_msg text, in_provisional boolean,
                                in_not_before timestamptz) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    said alert;
    repeated pair := in_pair;
    refs text[];
    posts text[];
BEGIN
    SELECT * INTO said FROM alert a WHERE a.pair_id = in_pair.pair_id AND a.msg IN ('alert', 'update')
    ORDER BY a.pair_version DESC, a.created_at DESC LIMIT 1;
    repeated.tier := said.tier;
    repeated.rule := said.rule;
    repeated.reasons := array_remove(said.reasons, 'DISPUTED')
                        || CASE in_pair.state WHEN 'disputed' THEN '{DISPUTED}' ELSE '{}' END::text[];
    repeated.evidence := said.evidence;
    repeated.policy_version := said.policy_version;
    IF in_msg = 'update' THEN
        SELECT array_agg(DISTINCT s.alert_id) FILTER (
                   WHERE NOT EXISTS (SELECT FROM alert u WHERE u.msg = 'update' AND s.alert_id = ANY (u.refs))),
               array_agg(DISTINCT s.post_id)
        INTO refs, posts
        FROM alert_standing(in_pair.pair_id) AS s;
    ELSE
        posts := alert_posts(repeated);
    END IF;
    IF cardinality(posts) > 0 THEN
        PERFORM alert_issue(repeated, coalesce(in_decision, said.decision_id), in_msg, coalesce(refs, '{}'), posts,
                            in_not_before, in_provisional);
    END IF;
END
$$;

CREATE FUNCTION decide_sign(in_pair pair, in_event text, in_decision bigint, in_account account) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    leaves_at CONSTANT timestamptz := clock() + undo_window();
BEGIN
    IF NOT EXISTS (SELECT FROM review_task WHERE pair_id = in_pair.pair_id AND kind = 'sign' AND state = 'open') THEN
        RAISE EXCEPTION 'nothing waits for a signature' USING ERRCODE = 'HL002';
    ELSIF in_account.account_id = (SELECT d.account_id FROM decision d
                                   WHERE d.pair_id = in_pair.pair_id AND d.verdict = 'accept'
                                   ORDER BY d.pair_version DESC LIMIT 1) THEN
        RAISE EXCEPTION 'another person signs than the one who accepted' USING ERRCODE = 'HL013';
    END IF;
    PERFORM review_task_close(in_pair.pair_id, 'done');
    IF in_event = 'sign' THEN
        PERFORM alert_say_again(in_pair, in_decision, 'update', false, leaves_at);
    ELSE
        PERFORM rejection_remember(in_pair);
        PERFORM alert_withdraw(in_pair, 'cancel', leaves_at);
    END IF;
END
$$;

-- ---- undo ----

-- A decision is taken back while nothing of it has left. What a refusal or rejection withdrew unsent stays withdrawn:
-- the pair is reviewed again.
CREATE FUNCTION decide_undo(in_pair pair) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    undone decision;
BEGIN
    SELECT * INTO undone FROM decision WHERE pair_id = in_pair.pair_id AND pair_version = in_pair.version - 1;
    -- The courier claims under the same lock: a row it took in between is seen as tried.
    PERFORM FROM outbox o JOIN alert a USING (alert_id)
    WHERE a.pair_id = in_pair.pair_id AND o.state = 'queued' FOR UPDATE OF o;
    IF undone.decided_at + undo_window() <= clock()
       OR EXISTS (SELECT FROM outbox o JOIN alert a USING (alert_id)
                  WHERE a.pair_id = in_pair.pair_id AND a.pair_version = undone.pair_version
                    AND (o.attempts > 0 OR o.not_before <= clock())) THEN
        RAISE EXCEPTION 'the time to undo is over' USING ERRCODE = 'HL006';
    END IF;
    UPDATE review_task t SET state = 'cancelled', closed_at = clock() FROM alert a
    WHERE a.pair_id = in_pair.pair_id AND a.pair_version = undone.pair_version
      AND t.kind = 'delivery' AND t.state = 'open' AND t.detail->>'alert' = a.alert_id;
    DELETE FROM alert a WHERE a.pair_id = in_pair.pair_id AND a.pair_version = undone.pair_version;
    IF undone.verdict IN ('reject', 'refuse_sign') THEN
        DELETE FROM pair_rejection WHERE subject = in_pair.subject AND subject_id = in_pair.subject_id
                                     AND risk_person = in_pair.risk_person AND evidence_hash = in_pair.evidence_hash;
    END IF;
    IF undone.verdict = 'sign' THEN
        PERFORM sign_task_open(in_pair, (SELECT max(d.decided_at) FROM decision d
                                         WHERE d.pair_id = in_pair.pair_id AND d.verdict = 'accept') + undo_window());
    ELSIF in_pair.state = 'in_review' THEN
        PERFORM review_task_close(in_pair.pair_id, 'cancelled');
        PERFORM review_task_open(in_pair);
    END IF;
END
$$;

-- ---- the door of decisions ----

CREATE FUNCTION pair_command(in_pair pair, in_verdict text, in_actor text) RETURNS bigint
LANGUAGE sql
SET search_path = hulei, pg_temp
RETURN command_put('pair_decided', jsonb_build_object('pair_id', in_pair.pair_id, 'verdict', in_verdict), in_actor);

-- What a decision leaves besides the new state: the decision row first, then what follows from it.
CREATE FUNCTION pair_decide(in_pair pair, in_event text, in_actor text, in_detail jsonb) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    who CONSTANT account := decision_account(in_event, in_detail);
    new_decision bigint;
BEGIN
    PERFORM decision_task_guard(in_pair, in_event, in_detail);
    INSERT INTO decision (task_id, pair_id, pair_version, verdict, reason_code, account_id)
    VALUES ((in_detail->>'task_id')::bigint, in_pair.pair_id, in_pair.version, in_event,
            coalesce(in_detail->>'reason_code', 'NONE'), who.account_id)
    RETURNING decision_id INTO new_decision;
    CASE
        WHEN in_event = 'accept' THEN PERFORM decide_accept(in_pair, new_decision);
        WHEN in_event = 'reject' THEN PERFORM decide_reject(in_pair);
        WHEN in_event IN ('needs_info', 'unsure') THEN PERFORM decide_wait(in_pair, in_event, who);
        WHEN in_event IN ('sign', 'refuse_sign') THEN PERFORM decide_sign(in_pair, in_event, new_decision, who);
        WHEN in_event = 'undo' THEN PERFORM decide_undo(in_pair);
    END CASE;
    PERFORM pair_command(in_pair, in_event, in_actor);
END
$$;
COMMENT ON FUNCTION pair_decide IS 'Not granted to any role: only pair_event() calls it.';

-- ---- posts, time and objections ----

-- A reviewer looks again, with everything that was told still standing: a post found it wrong, or its time has come.
CREATE FUNCTION pair_reopen(in_pair pair, in_actor text, in_detail jsonb) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
BEGIN
    UPDATE pair SET completed_at = clock() WHERE pair_id = in_pair.pair_id
    RETURNING * INTO in_pair; -- the time to review it anew begins now
    PERFORM review_task_close(in_pair.pair_id, 'cancelled');
    PERFORM review_task_open(in_pair);
    UPDATE review_task SET detail = detail || jsonb_strip_nulls(jsonb_build_object(
        'reopened', in_detail->'reason_code', 'post', in_detail->'post'))
    WHERE pair_id = in_pair.pair_id AND state = 'open';
    PERFORM pair_command(in_pair, 'reopen', in_actor);
END
$$;

-- DOMAIN.md C.3: below red what was told is suspended; red stays, with the mark. A signature is still asked for.
CREATE FUNCTION pair_dispute(in_pair pair) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    said alert;
BEGIN
    SELECT a.* INTO said FROM alert a
    WHERE a.alert_id IN (SELECT s.alert_id FROM alert_standing(in_pair.pair_id) AS s)
    ORDER BY a.pair_version DESC, a.created_at DESC LIMIT 1;
    IF said.tier = 1 THEN
        PERFORM alert_say_again(in_pair, NULL, 'update', said.provisional, clock());
    ELSIF said.tier > 1 THEN
        PERFORM alert_withdraw(in_pair, 'cancel');
    END IF;
    UPDATE review_task SET state = 'cancelled', closed_at = clock()
    WHERE pair_id = in_pair.pair_id AND kind = 'pair' AND state = 'open';
END
$$;

-- The objection was rejected: the review goes on, or what was accepted stands again without the mark.
CREATE FUNCTION pair_resume(in_pair pair) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    is_told CONSTANT boolean := EXISTS (SELECT FROM alert_standing(in_pair.pair_id));
BEGIN
    IF in_pair.state IN ('in_review', 'needs_info') THEN
        UPDATE pair SET completed_at = clock() WHERE pair_id = in_pair.pair_id RETURNING * INTO in_pair;
        PERFORM review_task_close(in_pair.pair_id, 'cancelled');
        PERFORM review_task_open(in_pair);
    ELSIF in_pair.state = 'accepted' THEN
        PERFORM alert_say_again(in_pair, NULL, CASE WHEN is_told THEN 'update' ELSE 'alert' END,
            EXISTS (SELECT FROM review_task WHERE pair_id = in_pair.pair_id AND kind = 'sign' AND state = 'open'), clock());
    END IF;
END
$$;

REVOKE ALL ON FUNCTION undo_window, decision_account, decision_task_guard, sign_task_open, decide_accept, rejection_remember, decide_reject,
    decide_wait, alert_say_again, decide_sign, decide_undo, pair_command, pair_decide, pair_reopen, pair_dispute, pair_resume FROM PUBLIC;
