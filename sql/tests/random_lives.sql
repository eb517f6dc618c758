-- Random lives: what engine, posts, time and people do in any order, through the doors they have. -v steps=N -v seed=N
-- for another walk, -v every=1 to find the step of a fault: what must hold is asked after so many steps.
\if :{?steps}
\else
    \set steps 1000
\endif
\if :{?every}
\else
    \set every 10
\endif
\if :{?seed}
\else
    \set seed 20261125
\endif
BEGIN;
\ir fixture.psql
SELECT no_plan();
SELECT diag('seed ' || :seed || ', ' || :steps || ' steps');
INSERT INTO post (post_id, view, lead_post, topic, ack_topic, active)
VALUES ('office', 'office', NULL, 'hulei.alert.office', 'hulei.ack.office', true);
UPDATE post SET lead_post = 'office' WHERE post_id IN ('bureau', 'justice');
INSERT INTO account (name, os_user, roles, locked)
VALUES ('second', 'hulei-sec', '{second_reviewer}', false), ('auditor', NULL, '{auditor}', false);

-- What was seen from outside, kept apart from the tables under test.
CREATE TEMP TABLE refused (child bigint, risk bigint, hash bytea, PRIMARY KEY (child, risk, hash));
CREATE TEMP TABLE left_us (pair_id bigint, version int, msg text, provisional boolean);
CREATE TEMP TABLE walk (step int, op text, detail text, outcome text);

CREATE FUNCTION public.one_of(VARIADIC words text[]) RETURNS text LANGUAGE sql VOLATILE AS
    $$ SELECT words[1 + floor(random() * cardinality(words))::int] $$;

-- The courier: everything that is due leaves.
CREATE FUNCTION public.send_due() RETURNS void LANGUAGE sql AS $$
    INSERT INTO left_us
    SELECT a.pair_id, a.pair_version, a.msg, a.provisional FROM hulei.outbox o JOIN hulei.alert a USING (alert_id)
    WHERE o.state = 'queued' AND o.kind = 'alert' AND o.not_before <= (SELECT hulei.clock());
    WITH gone AS (
        UPDATE hulei.outbox SET state = 'sent', attempts = 1, sent_at = hulei.clock()
        WHERE state = 'queued' AND not_before <= (SELECT hulei.clock()) RETURNING alert_id, post_id
    )
    UPDATE hulei.delivery d SET state = 'sent', sent_at = hulei.clock(), next_at = NULL
    FROM gone g WHERE d.alert_id = g.alert_id AND d.post_id = g.post_id AND d.state = 'queued';
$$;

CREATE FUNCTION public.remember(p hulei.pair, event text, before text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF event IN ('reject', 'refuse_sign') THEN
        INSERT INTO refused VALUES (p.child_person, p.risk_person, p.evidence_hash) ON CONFLICT DO NOTHING;
    ELSIF event = 'undo' AND before IN ('reject', 'refuse_sign') THEN
        DELETE FROM refused WHERE child = p.child_person AND risk = p.risk_person AND hash = p.evidence_hash;
    END IF;
END
$$;

-- One step of the walk; what it did.
CREATE FUNCTION public.do_step(op text, OUT detail text) LANGUAGE plpgsql AS $$
DECLARE
    p hulei.pair;
    who text := public.one_of('reviewer-1', 'reviewer-2', 'second', 'reviewer-1', 'reviewer-2', 'reviewer-1', 'reviewer-2',
                              public.one_of('locked', 'officer', 'auditor', 'nobody'));
    event text;
    before text;
    d record;
BEGIN
    SELECT * INTO p FROM hulei.pair
    ORDER BY random() * CASE WHEN state IN ('rejected', 'retracted', 'expired') THEN 1 ELSE 4 END DESC LIMIT 1;
    IF p.pair_id IS NULL THEN
        op := 'put';
    END IF;
    CASE op
    WHEN 'put' THEN
        SELECT * INTO d FROM hulei.pair_put(1 + (random() < 0.2)::int * 5, 2 + floor(random() * 4)::int,
            ceil(random() * 3)::smallint, 'O1', '{NEAR_200M}', '{"areas": ["500111004203"]}',
            public.hash_of('e' || ceil(random() * 60)), 'test.1', hulei.clock());
        detail := d.pair_id || ' ' || d.state;
    WHEN 'decide' THEN
        event := CASE p.state WHEN 'in_review' THEN public.one_of('accept', 'accept', 'accept', 'reject', 'needs_info', 'unsure', 'undo')
                              WHEN 'needs_info' THEN public.one_of('accept', 'reject', 'unsure', 'undo')
                              WHEN 'accepted' THEN public.one_of('sign', 'sign', 'refuse_sign', 'undo', 'undo', 'accept')
                              ELSE public.one_of('sign', 'refuse_sign', 'undo', 'undo', 'accept', 'reject') END;
        SELECT verdict INTO before FROM hulei.decision WHERE pair_id = p.pair_id AND pair_version = p.version;
        detail := p.pair_id || ' ' || event || ' ' || who;
        PERFORM public.decide(p.pair_id, event, who);
        PERFORM public.remember(p, event, before);
    WHEN 'rules' THEN
        event := CASE WHEN p.state = 'disputed' AND random() < 0.8 THEN 'dispute_end'
                      ELSE public.one_of('retract', 'expire', 'dispute', 'dispute', 'dispute') END;
        detail := p.pair_id || ' ' || event;
        PERFORM hulei.pair_event(p.pair_id, p.version, event, 'engine',
                                 jsonb_build_object('outcome', public.one_of('upheld', 'rejected', 'rejected')));
    WHEN 'impostor' THEN
        event := public.one_of('accept', 'sign', 'reject', 'undo', 'refuse_sign');
        who := public.one_of('hulei_engine', 'hulei_courier');
        detail := p.pair_id || ' ' || event || ' ' || who;
        PERFORM public.as_role(who, format('SELECT hulei.pair_event(%s, %s, %L, %L, %L)', p.pair_id, p.version, event, who,
                                           jsonb_build_object('account_id', public.account_of('reviewer-1'))));
        RAISE EXCEPTION 'a role without a person decided';
    WHEN 'move' THEN
        detail := p.pair_id || ' moves';
        PERFORM hulei.pair_move(p.child_person, p.risk_person, 7 - p.child_person, p.risk_person);
        INSERT INTO refused SELECT 7 - p.child_person, risk, hash FROM refused
        WHERE child = p.child_person AND risk = p.risk_person ON CONFLICT DO NOTHING;
    WHEN 'answer' THEN
        -- One post says something, or all that hold the alert are done with it.
        event := public.one_of('acked', 'closed', 'closed', 'cannot', 'all closed', 'all closed', 'all closed');
        detail := event;
        FOR d IN
            SELECT x.alert_id, x.post_id FROM hulei.delivery x
            WHERE x.state IN ('sent', 'acked', 'acting')
              AND x.alert_id = (SELECT y.alert_id FROM hulei.delivery y WHERE y.state IN ('sent', 'acked')
                                ORDER BY random() LIMIT 1)
            LIMIT CASE WHEN event LIKE 'all%' THEN 20 ELSE 1 END
        LOOP
            PERFORM hulei.answer_take(d.alert_id, d.post_id, split_part(event, ' ', 1 + (event LIKE 'all%')::int),
                                      CASE WHEN event = 'acked' THEN '' WHEN event = 'closed' AND random() < 0.3
                                           THEN 'wrong_person' ELSE 'done' END, 'x');
        END LOOP;
    WHEN 'send' THEN PERFORM public.send_due();
    WHEN 'time' THEN
        detail := public.one_of('20 s', '20 s', '61 s', '61 s', '5 hours', '40 days');
        PERFORM public.travel(detail::interval);
        PERFORM public.send_due();
        PERFORM hulei.review_due_run(100);
        PERFORM hulei.escalate_due(8);
        PERFORM public.send_due();
    END CASE;
END
$$;

-- What does not hold, in words; NULL when all does.
CREATE FUNCTION public.fault() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(v.what, ', ') FROM (VALUES
        ('an alert without the decision of a named human of the role', EXISTS (
            SELECT FROM hulei.alert a LEFT JOIN hulei.decision d USING (decision_id) LEFT JOIN hulei.account w USING (account_id)
            WHERE a.msg IN ('alert', 'update')
              AND NOT coalesce((d.verdict = 'accept' AND 'reviewer' = ANY (w.roles) OR d.verdict = 'sign'
                                AND w.roles && '{reviewer,second_reviewer}') AND NOT w.locked AND d.pair_id = a.pair_id, false))),
        ('a message of a decision that was undone has left', EXISTS (
            SELECT FROM left_us l JOIN hulei.decision u ON u.pair_id = l.pair_id AND u.verdict = 'undo'
            WHERE l.version = u.pair_version - 1)),
        ('somebody signed what he accepted', EXISTS (
            SELECT FROM hulei.decision s
            WHERE s.verdict IN ('sign', 'refuse_sign')
              AND s.account_id = (SELECT a.account_id FROM hulei.decision a
                                  WHERE a.pair_id = s.pair_id AND a.verdict = 'accept' AND a.pair_version < s.pair_version
                                  ORDER BY a.pair_version DESC LIMIT 1))),
        ('a rejected evidence is asked again', EXISTS (
            SELECT FROM hulei.pair p JOIN hulei.review_task t USING (pair_id)
            JOIN refused r ON r.child = p.child_person AND r.risk = p.risk_person AND r.hash = p.evidence_hash
            WHERE t.kind = 'pair' AND t.state = 'open')),
        ('a pair in review without one open task, or the other way round', EXISTS (
            SELECT FROM hulei.pair p
            WHERE (p.state IN ('in_review', 'needs_info'))
                  <> EXISTS (SELECT FROM hulei.review_task t WHERE t.pair_id = p.pair_id AND t.kind = 'pair' AND t.state = 'open'))),
        ('a post holds what was rejected, retracted or expired', EXISTS (
            SELECT FROM hulei.pair p, hulei.alert_standing(p.pair_id, '{cancel}')
            WHERE p.state IN ('rejected', 'retracted', 'expired'))),
        ('below red a post holds what is disputed', EXISTS (
            SELECT FROM hulei.pair p, hulei.alert_standing(p.pair_id) s JOIN hulei.alert a USING (alert_id)
            WHERE p.state = 'disputed' AND a.tier > 1
              AND a.pair_version = (SELECT max(x.pair_version) FROM hulei.alert x
                                    WHERE x.pair_id = p.pair_id AND x.msg IN ('alert', 'update')))),
        ('red that is accepted waits for nobody''s signature', EXISTS (
            SELECT FROM hulei.pair p
            WHERE p.state = 'accepted' AND p.tier = 1
              AND NOT EXISTS (SELECT FROM hulei.review_task t WHERE t.pair_id = p.pair_id AND t.kind = 'sign' AND t.state = 'open')
              AND 'sign' <> (SELECT d.verdict FROM hulei.decision d
                             WHERE d.pair_id = p.pair_id AND d.verdict IN ('accept', 'sign')
                               AND NOT EXISTS (SELECT FROM hulei.decision u WHERE u.pair_id = d.pair_id AND u.verdict = 'undo'
                                               AND u.pair_version = d.pair_version + 1)
                             ORDER BY d.pair_version DESC LIMIT 1)))) AS v (what, is_so)
    WHERE v.is_so
$$;

CREATE FUNCTION public.take_walk(steps int, seed int, every int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    op text;
    said text;
    ended bigint;
    wrong text;
BEGIN
    PERFORM setseed((seed % 1000003) / 1000003.0);
    FOR n IN 1 .. steps LOOP
        op := public.one_of('put', 'put', 'put', 'put', 'decide', 'decide', 'decide', 'decide', 'decide', 'decide', 'decide',
                            'decide', 'decide', 'decide', 'rules', 'rules', 'send', public.one_of('impostor', 'decide', 'decide'), public.one_of('move', 'put', 'put', 'send'),
                            'answer', 'answer', 'time', 'time');
        said := NULL;
        ended := (SELECT count(*) FROM hulei.alert WHERE msg IN ('cancel', 'close'));
        BEGIN
            said := public.do_step(op);
            INSERT INTO walk VALUES (n, op, said, 'done');
        EXCEPTION WHEN SQLSTATE 'HL001' OR SQLSTATE 'HL002' OR SQLSTATE 'HL003' OR SQLSTATE 'HL006' OR SQLSTATE 'HL013'
                       OR insufficient_privilege THEN
            INSERT INTO walk VALUES (n, op, said, SQLSTATE);
        END;
        IF op IN ('time', 'send') AND ended <> (SELECT count(*) FROM hulei.alert WHERE msg IN ('cancel', 'close')) THEN
            RETURN format('step %s: silence withdrew something', n);
        END IF;
        IF n % every = 0 OR n = steps THEN
            wrong := public.fault();
        END IF;
        IF wrong IS NOT NULL THEN
            RETURN format('step %s, %s %s: %s', n, op, said, wrong);
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

SELECT is(take_walk(:steps, :seed, :every), NULL, 'nothing that must hold is broken');
SELECT diag(format('%s %s: %s', op, outcome, count(*))) FROM walk GROUP BY op, outcome ORDER BY op, outcome;
SELECT diag('events: ' || string_agg(DISTINCT event, ' ') || '; sent: ' || (SELECT string_agg(DISTINCT msg, ' ') FROM left_us))
FROM pair_log;
SELECT ok((SELECT count(DISTINCT verdict) >= 6 FROM decision), 'nearly every kind of decision was taken');
SELECT ok((SELECT count(DISTINCT event) >= 13 FROM pair_log), 'and nearly every event happened');
SELECT ok((SELECT count(*) > 10 FROM left_us WHERE provisional) AND (SELECT array_agg(DISTINCT msg) @> '{alert,update,cancel}'
                                                                   FROM left_us), 'messages of every kind left');
SELECT is((SELECT count(*) FROM walk WHERE op = 'impostor' AND outcome = 'done'), 0::bigint, 'no role decided without a person');
SELECT is((SELECT count(*) FROM audit_verify()), 0::bigint, 'the chain of records is sound');

SELECT * FROM finish();
ROLLBACK;
