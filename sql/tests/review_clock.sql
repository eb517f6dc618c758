BEGIN;
\ir fixture.psql
SELECT no_plan();
INSERT INTO post (post_id, view, lead_post, topic, ack_topic, active)
VALUES ('committee', 'office', NULL, 'hulei.alert.committee', 'hulei.ack.committee', true),
       ('office', 'office', 'committee', 'hulei.alert.office', 'hulei.ack.office', true),
       ('justice-bureau', 'judicial', 'office', 'hulei.alert.justice-bureau', 'hulei.ack.justice-bureau', true);
UPDATE post SET lead_post = 'office' WHERE post_id = 'bureau';
UPDATE post SET lead_post = 'justice-bureau' WHERE post_id = 'justice';
INSERT INTO account (name, os_user, roles, locked) VALUES ('second', 'hulei-sec', '{second_reviewer}', false);
UPDATE setting SET value = '0' WHERE name = 'undo_window_s';

CREATE FUNCTION public.pair_of(risk bigint) RETURNS bigint LANGUAGE sql AS
    $$ SELECT pair_id FROM hulei.pair WHERE risk_person = risk $$;
-- Everything that is due, done.
CREATE FUNCTION public.run_due() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    r record;
    escalated int := 0;
    reopened int := 0;
BEGIN
    LOOP
        SELECT * INTO r FROM hulei.review_due_run(1000);
        escalated := escalated + r.escalated;
        reopened := reopened + r.reopened;
        EXIT WHEN r.looked_at = 0;
    END LOOP;
    RETURN escalated || ' escalated, ' || reopened || ' reopened';
END
$$;
-- What was done for the pair at a moment of China Standard Time: the steps taken in all.
CREATE FUNCTION public.steps_at(risk bigint, moment text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.travel_to(moment);
    PERFORM public.run_due();
    RETURN (SELECT string_agg(e.target, ' ' ORDER BY e.step) FROM hulei.review_escalation e JOIN hulei.review_task t USING (task_id)
            WHERE t.pair_id = public.pair_of(risk) AND t.state = 'open');
END
$$;
CREATE FUNCTION public.opened_at(risk bigint, tier int, moment text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.travel_to(moment);
    PERFORM hulei.pair_put(1, risk, tier::smallint, 'O1', '{NEAR_200M}', '{"areas": ["500111004203"]}',
                           public.hash_of(risk || '/' || tier), 'test.1', (moment || '+08')::timestamptz);
    RETURN (SELECT state FROM hulei.pair WHERE risk_person = risk);
END
$$;
CREATE FUNCTION public.accepted_at(risk bigint, tier int, moment text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.opened_at(risk, tier, moment);
    PERFORM public.decide(public.pair_of(risk), 'accept');
    PERFORM public.send_all();
    RETURN (SELECT state FROM hulei.pair WHERE risk_person = risk);
END
$$;

-- ---- who is meant ----

SELECT put(6, 'who');
SELECT is(review_step_posts(target, (SELECT p FROM pair p)), posts::text[], target)
FROM (VALUES ('lead', '{justice-bureau}'), ('office', '{office}'), ('office_lead', '{committee}')) AS v (target, posts);
UPDATE post SET lead_post = NULL WHERE post_id IN ('bureau', 'justice-bureau');
SELECT is(review_step_posts('office', (SELECT p FROM pair p)), '{committee,office}',
          'an office nobody''s chain leads to is found all the same');
UPDATE post SET lead_post = 'office' WHERE post_id IN ('bureau', 'justice-bureau');

-- ---- a review that is missed, over the national holiday: 8 October 2026 is the first working day after 30 September ----

SELECT is(opened_at(2, 1, '2026-09-30 16:00:00'), 'in_review', 'red');
SELECT is(steps_at(2, moment), wanted, 'red opened 09-30 16:00, at ' || moment)
FROM (VALUES ('2026-09-30 16:59:59', NULL), ('2026-09-30 17:00:00', 'lead'),
             ('2026-09-30 17:59:59', 'lead'), ('2026-09-30 18:00:00', 'lead office'),
             ('2026-09-30 19:59:59', 'lead office'), ('2026-09-30 20:00:00', 'lead office office_lead'),
             ('2026-10-30 00:00:00', 'lead office office_lead')) AS v (moment, wanted);
SELECT is(opened_at(3, 2, '2026-09-30 16:00:00'), 'in_review', 'orange');
SELECT is(steps_at(3, moment), wanted, 'orange opened 09-30 16:00, at ' || moment)
FROM (VALUES ('2026-10-07 23:59:59', NULL), ('2026-10-08 15:59:59', NULL), ('2026-10-08 16:00:00', 'lead'),
             ('2026-10-09 15:59:59', 'lead'), ('2026-10-09 16:00:00', 'lead office')) AS v (moment, wanted);
SELECT is(opened_at(4, 3, '2026-09-29 10:00:00'), 'in_review', 'yellow');
SELECT is(steps_at(4, moment), wanted, 'yellow opened 09-29 10:00, at ' || moment)
FROM (VALUES ('2026-10-09 09:59:59', NULL), ('2026-10-09 10:00:00', 'lead'), -- 10 October, a Saturday, is worked
             ('2026-10-12 09:59:59', 'lead'), ('2026-10-12 10:00:00', 'lead office')) AS v (moment, wanted);
SELECT is(opened_at(5, 4, '2026-09-28 10:00:00'), 'in_review', 'blue');
SELECT is(steps_at(5, moment), wanted, 'blue opened 09-28 10:00, at ' || moment)
FROM (VALUES ('2026-10-16 09:59:59', NULL), ('2026-10-16 10:00:00', 'lead'), ('2026-12-31 10:00:00', 'lead')) AS v (moment, wanted);
SELECT is((SELECT count(*) FROM alert), 0::bigint, 'no review that was missed sends an alert');
SELECT is((SELECT count(*) FROM outbox), 0::bigint, 'nor any message about the pair');
SELECT is((SELECT count(*) FROM audit_entry WHERE action = 'review_escalated'),
          (SELECT count(*) FROM review_escalation), 'each step is on record');
SELECT is(decide(pair_of(3), 'needs_info'), 'needs_info', 'the owner is asked');
SELECT is(run_due(), '0 escalated, 0 reopened', 'which begins the time to review anew');
SELECT is(steps_at(3, '2027-01-05 09:00:00'), 'lead lead office office', 'and does not stop it');
SELECT is(decide(pair_of(2), 'unsure'), 'in_review', 'who is unsure');
SELECT is((SELECT step FROM review_task WHERE pair_id = pair_of(2) AND state = 'open'), 3, 'stops nothing');
SELECT is(decide(pair_of(n), 'reject'), 'rejected', 'decided') FROM generate_series(2, 5) AS n;
SELECT is(run_due(), '0 escalated, 0 reopened', 'what is decided escalates no more');

-- ---- the second person's four hours: silence goes to the office and withdraws nothing ----

DELETE FROM pair_log WHERE pair_id IN (SELECT pair_id FROM pair);
DELETE FROM decision;
DELETE FROM pair_rejection;
DELETE FROM pair;
SELECT is(accepted_at(2, 1, '2026-09-30 22:00:00'), 'accepted', 'red accepted on the evening before the holiday');
SELECT is(steps_at(2, '2026-10-01 01:59:58'), NULL, 'four hours');
SELECT is(steps_at(2, '2026-10-01 02:00:01'), 'office', 'then the office hears, holiday or not');
SELECT set_eq($$ SELECT o.post_id, a.msg, a.provisional FROM outbox o JOIN alert a USING (alert_id) WHERE o.state = 'queued' $$,
              $$ VALUES ('office', 'alert', true) $$, 'by the alert that is unsigned');
SELECT send_all();
SELECT is(steps_at(2, '2026-10-01 05:59:58'), 'office', 'and four hours later');
SELECT is(steps_at(2, '2026-10-01 06:00:01'), 'office office_lead', 'who is above it');
SELECT send_all();
SELECT is(steps_at(2, '2026-10-29 22:00:00'), 'office office_lead', 'weeks of silence');
SELECT is((SELECT count(*) FROM alert WHERE msg IN ('cancel', 'close')), 0::bigint, 'withdraw nothing');
SELECT is((SELECT count(*) FROM alert_standing(pair_of(2))), 4::bigint, 'every post still holds it');
SELECT is(decide(pair_of(2), 'sign', 'second'), 'accepted', 'a late signature');
SELECT set_eq($$ SELECT o.post_id, a.msg, a.provisional FROM outbox o JOIN alert a USING (alert_id) WHERE o.state = 'queued' $$,
              $$ VALUES ('station', 'update', false), ('justice', 'update', false), ('office', 'update', false),
                        ('committee', 'update', false) $$, 'is told to all that hold it');
SELECT send_all();
SELECT ok((SELECT state = 'done' FROM review_task WHERE kind = 'sign'), 'the question is answered');

-- ---- looked at again: 30, 90 and 180 days after it was accepted ----

SELECT is(accepted_at(3, 2, '2026-11-02 09:00:00'), 'accepted', 'orange');
SELECT is(accepted_at(4, 3, '2026-11-02 09:00:00'), 'accepted', 'yellow');
SELECT is((SELECT e.state FROM pair p, pair_event(p.pair_id, p.version, 'close', 'station', '{}') e WHERE p.risk_person = 4),
          'closed', 'which the posts closed');
SELECT is(accepted_at(5, 4, '2026-11-02 09:00:00'), 'accepted', 'blue');
SELECT put(6, 'rejected ground');
SELECT is(decide(pair_of(6), 'reject'), 'rejected', 'one that was rejected');
SELECT send_all();
CREATE FUNCTION public.states_at(moment text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.travel_to(moment);
    PERFORM public.run_due();
    RETURN (SELECT string_agg(left(state, 6), ' ' ORDER BY risk_person) FROM hulei.pair);
END
$$;
SELECT is(states_at(moment), states, 'at ' || moment)
FROM (VALUES ('2026-10-30 21:59:58', 'accept accept closed accept reject'),
             ('2026-10-30 22:00:01', 'in_rev accept closed accept reject'), -- red: 30 days
             ('2027-01-31 08:59:58', 'in_rev accept closed accept reject'),
             ('2027-01-31 09:00:01', 'in_rev in_rev closed accept reject'), -- orange: 90
             ('2027-05-01 08:59:58', 'in_rev in_rev closed accept reject'),
             ('2027-05-01 09:00:01', 'in_rev in_rev in_rev accept reject'), -- yellow: 180
             ('2029-05-01 09:00:01', 'in_rev in_rev in_rev accept reject')) AS v (moment, states);
SELECT is((SELECT count(*) FROM alert a JOIN outbox o USING (alert_id) WHERE o.state = 'queued' AND a.msg IN ('cancel', 'close')),
          0::bigint, 'what was told stands meanwhile');
SELECT set_eq($$ SELECT t.detail->>'reopened', p.risk_person FROM review_task t JOIN pair p USING (pair_id) WHERE t.state = 'open' $$,
              $$ VALUES ('REREVIEW', 2::bigint), ('REREVIEW', 3), ('REREVIEW', 4) $$, 'the task says why');
SELECT is((SELECT due_at FROM review_task t WHERE pair_id = pair_of(4) AND state = 'open'),
          review_due(3::smallint, (SELECT completed_at FROM pair WHERE risk_person = 4)), 'with the whole time to review');
SELECT is(decide(pair_of(3), 'accept', 'reviewer-2'), 'accepted', 'accepted again');
SELECT ok((SELECT rereview_at - clock() BETWEEN interval '89 days 23 h' AND interval '90 days' FROM pair WHERE risk_person = 3),
          'until the next time');
SELECT is((SELECT count(*) FROM pair WHERE rereview_at IS NOT NULL AND state NOT IN ('accepted', 'closed')), 0::bigint,
          'no other pair has a date');
SELECT is((SELECT count(*) FROM audit_verify()), 0::bigint, 'the chain of records is sound');

SELECT * FROM finish();
ROLLBACK;
