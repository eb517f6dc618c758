-- Deploy hulei:escalation to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE TABLE delivery_deadline (
    tier   smallint NOT NULL CHECK (tier BETWEEN 0 AND 4),
    kind   text NOT NULL CHECK (kind IN ('ack_police', 'ack_others', 'act', 'outcome', 'repeat')),
    amount int NOT NULL CHECK (amount >= 0),
    unit   text NOT NULL CHECK (unit IN ('clock', 'minute', 'office_minute', 'day')),
    PRIMARY KEY (tier, kind)
);
COMMENT ON TABLE delivery_deadline IS 'DOMAIN.md E.4: time to acknowledge and to act, and between two reminders. No row: no deadline.';
COMMENT ON COLUMN delivery_deadline.tier IS 'alert.sla: 0 is a red emergency.';
COMMENT ON COLUMN delivery_deadline.unit IS 'clock: minutes round the clock; the others as working_deadline() has them.';
INSERT INTO delivery_deadline (tier, kind, amount, unit) VALUES
    (0, 'ack_police', 3,    'clock'),  (0, 'ack_others', 15,  'clock'),         (0, 'act', 0,    'clock'), (0, 'repeat', 3,   'clock'),
    (1, 'ack_police', 15,   'clock'),  (1, 'ack_others', 60,  'clock'),         (1, 'act', 1440, 'clock'), (1, 'repeat', 15,  'clock'),
    (2, 'ack_police', 240,  'minute'), (2, 'ack_others', 480, 'office_minute'), (2, 'act', 3,    'day'),   (2, 'repeat', 240, 'minute'),
    (3, 'ack_police', 1,    'day'),    (3, 'ack_others', 1,   'day'),           (3, 'act', 10,   'day'),   (3, 'repeat', 1,   'day'),
    (0, 'outcome', 4320,  'clock'),    (1, 'outcome', 10080, 'clock'),    (2, 'outcome', 15, 'day'),               (3, 'outcome', 30, 'day');

CREATE TABLE escalation_step (
    tier   smallint NOT NULL CHECK (tier BETWEEN 0 AND 4),
    step   int NOT NULL CHECK (step > 0),
    target text NOT NULL CHECK (target IN ('lead', 'human')),
    amount int NOT NULL,
    unit   text NOT NULL CHECK (unit IN ('clock', 'minute', 'office_minute', 'day')),
    PRIMARY KEY (tier, step)
);
COMMENT ON TABLE escalation_step IS 'DOMAIN.md E.4: step n goes n leads up; the last is a human''s queue. Times count from the sending.';
INSERT INTO escalation_step (tier, step, target, amount, unit) VALUES
    (0, 1, 'lead', 6,   'clock'),  (0, 2, 'lead', 15,   'clock'),  (0, 3, 'human', 20,  'clock'),
    (1, 1, 'lead', 30,  'clock'),  (1, 2, 'lead', 120,  'clock'),  (1, 3, 'lead', 240, 'clock'), (1, 4, 'human', 300, 'clock'),
    (2, 1, 'lead', 480, 'minute'), (2, 2, 'lead', 1440, 'minute'), (2, 3, 'human', 1920, 'minute'),
    (3, 1, 'lead', 2,   'day'),    (3, 2, 'human', 3,   'day');

ALTER TABLE delivery ADD COLUMN step int NOT NULL DEFAULT 0,
                     ADD COLUMN overdue text[] NOT NULL DEFAULT '{}',
                     ADD COLUMN repeats int NOT NULL DEFAULT 0,
                     ADD COLUMN repeated_at timestamptz,
                     ADD COLUMN next_at timestamptz DEFAULT clock() + interval '15 minutes';
COMMENT ON COLUMN delivery.step IS 'Highest step of escalation taken.';
COMMENT ON COLUMN delivery.overdue IS 'What the post let go by after it took the alert on, each put before a human once.';
COMMENT ON COLUMN delivery.next_at IS 'When to look for a reminder or step, never later than one is due: at first after the shortest deadline, once sent at ack_by; NULL: now; infinity: never.';
DROP INDEX delivery_unacknowledged;
CREATE INDEX delivery_next ON delivery (next_at) WHERE state IN ('queued', 'sent', 'acked', 'acting');
ALTER TABLE outbox ADD COLUMN repeat int NOT NULL DEFAULT 0;
COMMENT ON COLUMN outbox.repeat IS '0: the message itself; n: its n-th reminder, with an id of its own.';

-- ---- when ----

CREATE FUNCTION deadline_at(from_time timestamptz, amount int, unit text) RETURNS timestamptz
LANGUAGE sql STABLE
RETURN CASE unit WHEN 'clock' THEN from_time + make_interval(mins => amount)
                 ELSE hulei.working_deadline(from_time, amount, unit) END;

CREATE FUNCTION alert_ack_by(in_tier smallint, in_view text, from_time timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE
RETURN (SELECT hulei.deadline_at(from_time, d.amount, d.unit) FROM hulei.delivery_deadline d
        WHERE d.tier = in_tier AND d.kind = CASE in_view WHEN 'police' THEN 'ack_police' ELSE 'ack_others' END);

CREATE FUNCTION alert_act_by(in_tier smallint, from_time timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE
RETURN (SELECT hulei.deadline_at(from_time, d.amount, d.unit) FROM hulei.delivery_deadline d
        WHERE d.tier = in_tier AND d.kind = 'act');

-- The leads above a post, nearest first; inactive ones are passed over.
CREATE FUNCTION post_leads(in_post text) RETURNS text[]
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    WITH RECURSIVE above AS (
        SELECT post_lead(in_post) AS post_id, 1 AS height
        UNION ALL
        SELECT post_lead(a.post_id), a.height + 1 FROM above a WHERE a.post_id IS NOT NULL AND a.height < 8
    )
    SELECT coalesce(array_agg(a.post_id ORDER BY a.height), '{}')
    FROM above a JOIN post p ON p.post_id = a.post_id AND p.active AND p.post_id <> in_post
$$;

-- The next step of a delivery and its time. A deadline to acknowledge that ends after the step's time moves the step,
-- and those after it by as much as lies between them: nobody is passed over before the time is up.
CREATE FUNCTION delivery_next_step(in_delivery delivery, in_tier smallint, from_time timestamptz, in_ack_by timestamptz,
                                   OUT step int, OUT at timestamptz)
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT s.step, CASE WHEN in_ack_by <= own.at THEN own.at ELSE in_ack_by + (own.at - first.at) END
    FROM escalation_step s
    CROSS JOIN LATERAL deadline_at(from_time, s.amount, s.unit) AS own (at)
    CROSS JOIN LATERAL (SELECT deadline_at(from_time, f.amount, f.unit) FROM escalation_step f
                        WHERE f.tier = in_tier ORDER BY f.step LIMIT 1) AS first (at)
    WHERE s.tier = in_tier AND s.step > in_delivery.step
    ORDER BY s.step
    LIMIT 1
$$;

-- From the sending, or where a message cannot even be sent from the moment it was due.
CREATE FUNCTION delivery_begin(in_delivery delivery) RETURNS timestamptz
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
RETURN coalesce(in_delivery.sent_at,
                (SELECT min(o.not_before) FROM outbox o
                 WHERE o.alert_id = in_delivery.alert_id AND o.post_id = in_delivery.post_id));

-- What is due first and when: `step` 0 is a reminder; no row in the tables: nothing.
CREATE FUNCTION delivery_plan(in_delivery delivery, OUT step int, OUT at timestamptz)
LANGUAGE plpgsql STABLE
SET search_path = hulei, pg_temp
AS $$
DECLARE
    in_tier CONSTANT smallint := (SELECT a.sla FROM alert a WHERE a.alert_id = in_delivery.alert_id);
    begin_at CONSTANT timestamptz := delivery_begin(in_delivery);
    ack_by CONSTANT timestamptz := coalesce(in_delivery.ack_by, alert_ack_by(in_tier,
        (SELECT p.view FROM post p WHERE p.post_id = in_delivery.post_id), begin_at));
    remind_at timestamptz;
BEGIN
    SELECT n.step, n.at INTO step, at FROM delivery_next_step(in_delivery, in_tier, begin_at, ack_by) AS n;
    IF step IS NULL THEN
        RETURN; -- a human has it
    END IF;
    IF in_delivery.state <> 'queued' THEN
        SELECT CASE WHEN in_delivery.repeated_at IS NULL THEN ack_by
                    ELSE deadline_at(in_delivery.repeated_at, d.amount, d.unit) END
        INTO remind_at FROM delivery_deadline d WHERE d.tier = in_tier AND d.kind = 'repeat';
        IF remind_at < at THEN
            step := 0;
            at := remind_at;
        END IF;
    END IF;
END
$$;

-- Nothing later took its place: an update, cancel or close for the same post; and the pair is not over.
CREATE FUNCTION delivery_stands(in_delivery delivery) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
RETURN EXISTS (SELECT FROM alert a LEFT JOIN pair p USING (pair_id)
               WHERE a.alert_id = in_delivery.alert_id
                 AND (a.msg = 'cancel'
                      OR a.msg IN ('alert', 'update')
                         AND (a.is_emergency OR p.state IN ('accepted', 'in_review', 'needs_info', 'disputed'))))
   AND NOT EXISTS (SELECT FROM alert u JOIN delivery x ON x.alert_id = u.alert_id AND x.post_id = in_delivery.post_id
                   WHERE u.msg IN ('update', 'cancel', 'close') AND in_delivery.alert_id = ANY (u.refs)
                     AND u.pair_id = (SELECT a.pair_id FROM alert a WHERE a.alert_id = in_delivery.alert_id));

-- It waits for its own post's answer: it was not drawn in by another's silence (that chain counts for it), and nobody of
-- its chain has taken the alert on. A cancel waits until what it took back is deleted: that it was read is not enough,
-- and nobody else can do it.
CREATE FUNCTION delivery_is_waiting(in_delivery delivery) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
RETURN delivery_stands(in_delivery)
   AND NOT EXISTS (SELECT FROM escalation e
                   WHERE e.alert_id = in_delivery.alert_id AND e.to_post = in_delivery.post_id AND e.step > 0)
   AND CASE WHEN (SELECT a.msg FROM alert a WHERE a.alert_id = in_delivery.alert_id) = 'cancel'
            THEN in_delivery.state IN ('queued', 'sent', 'acked', 'acting')
            ELSE in_delivery.state IN ('queued', 'sent')
                 AND NOT EXISTS (SELECT FROM escalation e JOIN delivery x ON x.alert_id = e.alert_id AND x.post_id = e.to_post
                                 WHERE e.alert_id = in_delivery.alert_id AND e.post_id = in_delivery.post_id
                                   AND x.state IN ('acked', 'acting', 'closed')) END;

-- What a post that took an alert on owes next, and until when: to act, then an outcome. No row: nothing.
CREATE FUNCTION delivery_owes(in_delivery delivery, OUT what text, OUT at timestamptz)
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT o.what, o.at
    FROM alert a
    JOIN post t ON t.post_id = in_delivery.post_id AND t.view <> 'office' -- it is asked for no action
    JOIN delivery_deadline l ON l.tier = a.sla AND l.kind = 'outcome'
    CROSS JOIN LATERAL (VALUES ('NOT_ACTED',  in_delivery.act_by, in_delivery.state = 'acked'),
                               ('NO_OUTCOME', deadline_at(coalesce(in_delivery.sent_at, in_delivery.acked_at), l.amount, l.unit), true)) AS o (what, at, owed)
    WHERE a.alert_id = in_delivery.alert_id AND a.msg IN ('alert', 'update')
      AND in_delivery.state IN ('acked', 'acting') AND delivery_stands(in_delivery)
      AND o.owed AND o.what <> ALL (in_delivery.overdue) AND o.at IS NOT NULL
    ORDER BY o.at
    LIMIT 1
$$;

-- ---- what ----

CREATE FUNCTION alert_remind(in_delivery delivery) RETURNS void
LANGUAGE sql
SET search_path = hulei, pg_temp
AS $$
    INSERT INTO outbox (kind, topic, key, not_before, alert_id, post_id, series_id, seq, repeat, is_urgent)
    SELECT 'alert', alert_topic(t, (SELECT a.status FROM alert a WHERE a.alert_id = in_delivery.alert_id)),
           in_delivery.series_id, clock(), in_delivery.alert_id, in_delivery.post_id, in_delivery.series_id,
           1 + (SELECT max(o.seq) FROM outbox o WHERE o.series_id = in_delivery.series_id), in_delivery.repeats + 1,
           (SELECT a.is_emergency FROM alert a WHERE a.alert_id = in_delivery.alert_id)
    FROM post t WHERE t.post_id = in_delivery.post_id
$$;

-- Takes one step up the chain; a chain that ends earlier than the table ends with a human.
CREATE FUNCTION alert_step_up(in_delivery delivery, in_step int) RETURNS text
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    a alert;
    to_post text;
BEGIN
    SELECT * INTO a FROM alert WHERE alert_id = in_delivery.alert_id;
    SELECT (post_leads(in_delivery.post_id))[in_step] INTO to_post
    FROM escalation_step s WHERE s.tier = a.sla AND s.step = in_step AND s.target = 'lead';
    IF to_post IS NULL THEN
        PERFORM alert_ask_human(a.alert_id, a.tier, in_delivery.post_id,
                                CASE a.msg WHEN 'cancel' THEN 'NOT_DELETED' ELSE 'UNACKNOWLEDGED' END);
    ELSE
        PERFORM alert_hand_on(a, in_delivery.post_id, to_post, in_step);
    END IF;
    RETURN to_post;
END
$$;

-- Takes what is due of a waiting delivery: a reminder or a step.
CREATE FUNCTION delivery_press(INOUT d delivery, in_step int, OUT action text, OUT to_post text)
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
BEGIN
    IF in_step = 0 THEN
        PERFORM alert_remind(d);
        action := 'alert_repeated';
        d.repeats := d.repeats + 1;
        d.repeated_at := clock();
    ELSE
        to_post := alert_step_up(d, in_step);
        action := CASE WHEN to_post IS NULL THEN 'alert_to_human' ELSE 'alert_escalated' END;
        d.step := CASE WHEN to_post IS NULL THEN (SELECT max(s.step) FROM escalation_step s) ELSE in_step END;
        d.escalated_at := clock();
    END IF;
END
$$;

-- One due delivery, under its pair's lock: a withdrawal comes before it or sees what it did.
CREATE FUNCTION delivery_advance(in_alert text, in_post text) RETURNS text
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    d delivery;
    plan record;
    done record;
    muted_until timestamptz;
BEGIN
    PERFORM FROM pair p JOIN alert a USING (pair_id) WHERE a.alert_id = in_alert FOR UPDATE OF p;
    SELECT * INTO d FROM delivery WHERE alert_id = in_alert AND post_id = in_post FOR UPDATE;
    IF delivery_is_waiting(d) THEN
        SELECT p.step, NULL::text AS what, p.at INTO plan FROM delivery_plan(d) AS p WHERE p.step IS NOT NULL;
    ELSE
        SELECT NULL::int AS step, o.what, o.at INTO plan FROM delivery_owes(d) AS o WHERE o.what IS NOT NULL;
    END IF;
    muted_until := alert_muted_until(in_alert, in_post);
    IF plan.at IS NULL OR greatest(plan.at, muted_until) > clock() THEN
        UPDATE delivery SET next_at = coalesce(greatest(plan.at, muted_until), 'infinity')
        WHERE alert_id = in_alert AND post_id = in_post;
        RETURN CASE WHEN plan.at IS NULL THEN 'nothing' ELSE 'planned' END;
    END IF;
    IF plan.what IS NULL THEN
        SELECT * INTO done FROM delivery_press(d, plan.step);
        d := done.d;
    ELSE
        PERFORM alert_ask_human(in_alert, (SELECT tier FROM alert WHERE alert_id = in_alert), in_post, plan.what);
        d.overdue := d.overdue || plan.what;
        SELECT 'alert_overdue' AS action, NULL::text AS to_post INTO done;
    END IF;
    PERFORM audit_append('courier', 'courier', 'courier', done.action, 'deliver', NULL, in_alert,
                         jsonb_strip_nulls(jsonb_build_object('post', in_post, 'to', done.to_post, 'step', plan.step,
                                                              'repeat', CASE plan.step WHEN 0 THEN d.repeats END,
                                                              'owes', plan.what)));
    UPDATE delivery SET step = d.step, repeats = d.repeats, repeated_at = d.repeated_at, overdue = d.overdue,
                        escalated_at = d.escalated_at, next_at = NULL
    WHERE alert_id = in_alert AND post_id = in_post;
    PERFORM pg_notify('hulei_outbox', '');
    RETURN done.action;
END
$$;

CREATE FUNCTION escalate_due(in_limit int, OUT planned int, OUT repeated int, OUT escalated int, OUT to_human int)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    due record;
    action text;
BEGIN
    planned := 0;
    repeated := 0;
    escalated := 0;
    to_human := 0;
    FOR due IN
        (SELECT d.alert_id, d.post_id FROM delivery d
         WHERE d.state IN ('queued', 'sent', 'acked', 'acting') AND d.next_at IS NULL LIMIT in_limit)
        UNION ALL
        (SELECT d.alert_id, d.post_id FROM delivery d
         WHERE d.state IN ('queued', 'sent', 'acked', 'acting') AND d.next_at <= (SELECT clock()) ORDER BY d.next_at LIMIT in_limit)
    LOOP
        action := delivery_advance(due.alert_id, due.post_id);
        planned := planned + (action IN ('planned', 'nothing'))::int;
        repeated := repeated + (action = 'alert_repeated')::int;
        escalated := escalated + (action = 'alert_escalated')::int;
        to_human := to_human + (action IN ('alert_to_human', 'alert_overdue'))::int;
    END LOOP;
END
$$;
COMMENT ON FUNCTION escalate_due IS 'Reminders and steps that are due by the database clock, at most in_limit of each; how many of each kind.';

REVOKE ALL ON FUNCTION deadline_at, alert_ack_by, alert_act_by, post_leads, delivery_next_step, delivery_begin,
    delivery_plan, delivery_stands, delivery_is_waiting, delivery_owes, alert_remind, alert_step_up, delivery_press,
    delivery_advance, escalate_due FROM PUBLIC;
GRANT EXECUTE ON FUNCTION deadline_at, alert_ack_by, alert_act_by, post_leads, escalate_due TO hulei_courier;
GRANT SELECT ON delivery_deadline, escalation_step TO hulei_courier;
