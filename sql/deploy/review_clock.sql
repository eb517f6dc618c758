-- Deploy hulei:review_clock to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE TABLE review_step (
    kind   text NOT NULL CHECK (kind IN ('pair', 'sign')),
    tier   smallint NOT NULL CHECK (tier BETWEEN 1 AND 4),
    step   int NOT NULL CHECK (step > 0),
    target text NOT NULL CHECK (target IN ('lead', 'office', 'office_lead')),
    amount int NOT NULL CHECK (amount >= 0),
    unit   text NOT NULL CHECK (unit IN ('clock', 'minute', 'office_minute', 'day')),
    PRIMARY KEY (kind, tier, step)
);
COMMENT ON TABLE review_step IS 'DOMAIN.md E.4: who hears that a review or a signature was missed, and how long after it was due. The review is escalated; nothing is ever sent, signed or withdrawn by silence.';
COMMENT ON COLUMN review_step.target IS 'lead: of the reviewing office; office: 未联办; office_lead: above it.';
INSERT INTO review_step (kind, tier, step, target, amount, unit) VALUES
    ('pair', 1, 1, 'lead',   0, 'clock'), ('pair', 1, 2, 'office', 60,   'clock'), ('pair', 1, 3, 'office_lead', 180, 'clock'),
    ('pair', 2, 1, 'lead',   0, 'clock'), ('pair', 2, 2, 'office', 1440, 'minute'),
    ('pair', 3, 1, 'lead',   0, 'clock'), ('pair', 3, 2, 'office', 2,    'day'),
    ('pair', 4, 1, 'lead',   0, 'clock'),
    ('sign', 1, 1, 'office', 0, 'clock'), ('sign', 1, 2, 'office_lead', 240, 'clock');

CREATE TABLE review_escalation (
    task_id bigint NOT NULL REFERENCES review_task ON DELETE CASCADE,
    step    int NOT NULL,
    target  text NOT NULL,
    posts   text[] NOT NULL,
    at      timestamptz NOT NULL,
    PRIMARY KEY (task_id, step, at)
);
COMMENT ON TABLE review_escalation IS 'Steps taken; asking the owner begins the count anew. Whoever tells people hooks in here.';

-- The posts a step means for a pair: found in the chains of leads above the posts that answer for it.
CREATE FUNCTION review_step_posts(in_target text, in_pair pair) RETURNS text[]
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    WITH above AS (
        SELECT p.view AS own_view, l.post_id, l.height, t.view
        FROM unnest(alert_posts(in_pair)) AS a (post_id)
        JOIN post p ON p.post_id = a.post_id
        CROSS JOIN LATERAL unnest(post_leads(a.post_id)) WITH ORDINALITY AS l (post_id, height)
        JOIN post t ON t.post_id = l.post_id
    ), office AS (
        SELECT post_id FROM above a
        WHERE view = 'office' AND height = (SELECT min(b.height) FROM above b WHERE b.view = 'office' AND b.own_view = a.own_view)
        UNION
        SELECT post_id FROM post WHERE view = 'office' AND active AND NOT EXISTS (SELECT FROM above WHERE view = 'office')
    ), chosen AS (
        SELECT post_id FROM above WHERE in_target = 'lead' AND own_view = 'judicial' AND height = 1
        UNION
        SELECT post_id FROM office WHERE in_target = 'office'
        UNION
        SELECT (post_leads(post_id))[1] FROM office WHERE in_target = 'office_lead'
    )
    SELECT coalesce(array_agg(DISTINCT post_id ORDER BY post_id) FILTER (WHERE post_id IS NOT NULL), '{}') FROM chosen
$$;

-- What posts hold of an unsigned red goes to the office as well: a human there sees that the signature is missing.
CREATE FUNCTION sign_hand_on(in_pair_id bigint, in_step int, in_posts text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    a alert;
    holder text;
    to_post text;
BEGIN
    SELECT x.* INTO a FROM alert x WHERE x.pair_id = in_pair_id AND x.provisional
    ORDER BY x.pair_version DESC, x.created_at DESC LIMIT 1;
    SELECT min(d.post_id) INTO holder FROM delivery d WHERE d.alert_id = a.alert_id;
    FOREACH to_post IN ARRAY in_posts LOOP
        PERFORM alert_hand_on(a, holder, to_post, 100 + in_step);
    END LOOP;
END
$$;

-- One task that may be due, under its pair's lock.
CREATE FUNCTION review_advance(in_task_id bigint) RETURNS text
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    t review_task;
    p pair;
    s review_step;
    next_at timestamptz;
    posts text[];
BEGIN
    SELECT x.* INTO p FROM pair x JOIN review_task USING (pair_id) WHERE task_id = in_task_id FOR UPDATE OF x;
    SELECT * INTO t FROM review_task WHERE task_id = in_task_id FOR UPDATE;
    SELECT * INTO s FROM review_step WHERE kind = t.kind AND tier = t.tier AND step > t.step ORDER BY step LIMIT 1;
    next_at := coalesce(deadline_at(t.due_at, s.amount, s.unit), 'infinity');
    IF t.state <> 'open' OR next_at > clock() THEN
        UPDATE review_task SET step_at = next_at WHERE task_id = in_task_id;
        RETURN 'planned';
    END IF;
    posts := review_step_posts(s.target, p);
    INSERT INTO review_escalation VALUES (in_task_id, s.step, s.target, posts, clock());
    IF t.kind = 'sign' THEN
        PERFORM sign_hand_on(t.pair_id, s.step, posts);
    END IF;
    PERFORM audit_append('courier', 'courier', 'courier', 'review_escalated', 'review', NULL, NULL,
                         jsonb_build_object('task', t.public_id, 'kind', t.kind, 'tier', t.tier, 'step', s.step,
                                            'target', s.target, 'posts', to_jsonb(posts)));
    UPDATE review_task SET step = s.step, step_at = NULL WHERE task_id = in_task_id;
    RETURN 'escalated';
END
$$;

CREATE FUNCTION review_due_run(in_limit int, OUT escalated int, OUT reopened int, OUT looked_at int)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    due record;
BEGIN
    escalated := 0;
    reopened := 0;
    looked_at := 0;
    FOR due IN
        SELECT task_id FROM review_task
        WHERE state = 'open' AND coalesce(step_at, due_at) <= (SELECT clock())
        ORDER BY coalesce(step_at, due_at) LIMIT in_limit
    LOOP
        escalated := escalated + (review_advance(due.task_id) = 'escalated')::int;
        looked_at := looked_at + 1;
    END LOOP;
    -- A pair whose review is due again: accepted, acted on or not, and unchanged since.
    FOR due IN
        SELECT pair_id, version FROM pair
        WHERE rereview_at <= (SELECT clock()) AND state IN ('accepted', 'closed')
        ORDER BY rereview_at LIMIT in_limit FOR UPDATE SKIP LOCKED
    LOOP
        PERFORM pair_event(due.pair_id, due.version, 'reopen', 'clock', '{"reason_code": "REREVIEW"}');
        reopened := reopened + 1;
        looked_at := looked_at + 1;
    END LOOP;
END
$$;
COMMENT ON FUNCTION review_due_run IS 'What is due by clock(): missed reviews and signatures one step up, and pairs to be looked at again; at most in_limit of each.';

REVOKE ALL ON FUNCTION review_step_posts, sign_hand_on, review_advance, review_due_run FROM PUBLIC;
GRANT EXECUTE ON FUNCTION review_due_run TO hulei_courier;
GRANT SELECT ON review_step, review_escalation TO hulei_console, hulei_courier;
