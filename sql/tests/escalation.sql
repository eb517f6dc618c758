BEGIN;
\ir fixture.psql
SELECT no_plan();
UPDATE setting SET value = '0' WHERE name = 'undo_window_s';
INSERT INTO post (post_id, view, lead_post, topic, ack_topic, active)
VALUES ('committee', 'office', NULL, 'hulei.alert.committee', 'hulei.ack.committee', true),
       ('office', 'office', 'committee', 'hulei.alert.office', 'hulei.ack.office', true);
UPDATE post SET lead_post = 'office' WHERE post_id IN ('bureau', 'justice');

SELECT is(post_leads('station'), '{bureau,office,committee}', 'leads are a chain');
SELECT is(post_leads('committee'), '{}', 'which ends');
UPDATE post SET active = false WHERE post_id = 'bureau';
SELECT is(post_leads('station'), '{office,committee}', 'who is inactive is passed over');
UPDATE post SET active = true WHERE post_id = 'bureau';

-- ---- the table of E.4, over the national holiday: 30 September 2026 is a Wednesday, work begins again on 8 October ----

CREATE FUNCTION public.at(text) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
    $$ SELECT ($1 || '+08')::timestamptz $$;
CREATE FUNCTION public.step_at(in_tier int, in_view text, sent text, done int) RETURNS text LANGUAGE sql AS $$
    SELECT n.step || ' ' || to_char(n.at AT TIME ZONE 'Asia/Shanghai', 'MM-DD HH24:MI')
    FROM hulei.delivery_next_step(jsonb_populate_record(NULL::hulei.delivery, jsonb_build_object('step', done)),
                                  in_tier::smallint, public.at(sent),
                                  hulei.alert_ack_by(in_tier::smallint, in_view, public.at(sent))) AS n
$$;
SELECT is(to_char(alert_ack_by(tier::smallint, view, at(sent)) AT TIME ZONE 'Asia/Shanghai', 'MM-DD HH24:MI'), ack_by,
          format('tier %s, %s, sent %s: to acknowledge', tier, view, sent))
FROM (VALUES (1, 'police',   '2026-09-30 16:00', '09-30 16:15'), -- red runs through
             (1, 'judicial', '2026-09-30 23:30', '10-01 00:30'),
             (2, 'police',   '2026-09-30 16:00', '09-30 20:00'),
             (2, 'police',   '2026-09-30 22:00', '10-08 02:00'), -- stands still for seven days
             (2, 'judicial', '2026-09-30 10:00', '10-08 10:00'), -- seven hours that day, one after the holiday
             (3, 'police',   '2026-09-30 10:00', '10-08 10:00'),
             (3, 'judicial', '2026-09-29 10:00', '09-30 10:00'),
             (4, 'police',   '2026-09-29 10:00', NULL)) AS v (tier, view, sent, ack_by);
SELECT is(step_at(tier, view, sent, done), wanted, format('tier %s, %s, sent %s: after step %s', tier, view, sent, done))
FROM (VALUES (1, 'police',   '2026-09-30 16:00', 0, '1 09-30 16:30'),
             (1, 'police',   '2026-09-30 16:00', 1, '2 09-30 18:00'),
             (1, 'police',   '2026-09-30 16:00', 2, '3 09-30 20:00'),
             (1, 'police',   '2026-09-30 16:00', 3, '4 09-30 21:00'),
             (1, 'police',   '2026-09-30 16:00', 4, NULL),
             (1, 'judicial', '2026-09-30 16:00', 0, '1 09-30 17:00'), -- not before its hour is up
             (1, 'judicial', '2026-09-30 16:00', 1, '2 09-30 18:00'),
             (2, 'police',   '2026-09-29 08:00', 0, '1 09-29 16:00'),
             (2, 'police',   '2026-09-29 08:00', 1, '2 09-30 08:00'),
             (2, 'police',   '2026-09-30 20:00', 0, '1 10-08 04:00'),
             (2, 'police',   '2026-09-30 20:00', 1, '2 10-08 20:00'),
             (2, 'police',   '2026-09-29 08:00', 2, '3 09-30 16:00'),
             (2, 'judicial', '2026-09-30 10:00', 0, '1 10-08 10:00'),
             (3, 'police',   '2026-09-28 10:00', 0, '1 09-30 10:00'),
             (3, 'police',   '2026-09-29 10:00', 0, '1 10-08 10:00'),
             (3, 'judicial', '2026-09-28 10:00', 1, '2 10-08 10:00'),
             (4, 'police',   '2026-09-28 10:00', 0, NULL)) AS v (tier, view, sent, done, wanted);

-- ---- every row of the table on both sides of its bound; here every day is worked round the clock ----

INSERT INTO calendar_day (day, is_working, name, source)
SELECT current_date + n, true, 'test', 'test' FROM generate_series(-40, 40) AS n
ON CONFLICT (day) DO UPDATE SET is_working = true;
UPDATE setting SET value = '00:00' WHERE name = 'office_opens';
UPDATE setting SET value = '24:00' WHERE name = 'office_closes';

CREATE FUNCTION public.told(risk bigint, tier int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    new_pair bigint;
BEGIN
    SELECT p.pair_id INTO new_pair FROM hulei.pair_put(1, risk, tier::smallint, 'O1', '{NEAR_200M}',
        '{"areas": ["500111004203"]}', public.hash_of(tier || '/' || risk), 'test.1', clock_timestamp()) AS p;
    PERFORM public.decide(new_pair, 'accept');
    PERFORM public.send_all();
    UPDATE hulei.delivery d SET ack_by = hulei.alert_ack_by(a.tier, t.view, d.sent_at), next_at = NULL
    FROM hulei.alert a, hulei.post t WHERE a.alert_id = d.alert_id AND t.post_id = d.post_id AND d.ack_by IS NULL;
    RETURN (SELECT a.alert_id FROM hulei.alert a WHERE a.pair_id = new_pair);
END
$$;
-- Lets time pass for an alert, and what is due be done: what was done for the post.
CREATE FUNCTION public.wait_for(in_alert text, who text, span interval) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    before bigint := (SELECT coalesce(max(seq), 0) FROM hulei.audit_entry WHERE lane = 'courier');
BEGIN
    UPDATE hulei.delivery d SET sent_at = d.sent_at - span, ack_by = d.ack_by - span, repeated_at = d.repeated_at - span,
                                next_at = NULL
    WHERE d.alert_id = in_alert;
    FOR n IN 1 .. 3 LOOP -- what is due is done one after the other
        PERFORM hulei.escalate_due(1000);
    END LOOP;
    PERFORM public.send_all();
    RETURN (SELECT string_agg(action || coalesce(' ' || (detail->>'to'), ''), ', ' ORDER BY seq) FROM hulei.audit_entry
            WHERE lane = 'courier' AND seq > before AND alert_id = in_alert AND detail->>'post' = who
              AND action <> 'alert_sent');
END
$$;

CREATE TEMP TABLE red AS SELECT told(2, 1) AS alert;
SELECT is(wait_for(alert, 'station', span), done, 'red, police: ' || total)
FROM red, (VALUES (1, interval '14 min 58 s',  NULL,                         'nothing before 15 min'),
                  (2, interval '2 s',          'alert_repeated',             'reminded at 15 min'),
                  (3, interval '14 min 57 s',  NULL,                         'nothing before 30 min'),
                  (4, interval '3 s',          'alert_escalated bureau, alert_repeated', 'the lead at 30 min'),
                  (5, interval '1 h 29 min',   'alert_repeated',             'a reminder goes on beside it'),
                  (6, interval '1 min',        'alert_escalated office',     'the office at 2 h'),
                  (7, interval '2 h',          'alert_repeated, alert_escalated committee', 'the committee at 4 h'),
                  (8, interval '59 min 58 s',  'alert_repeated',             'a human not before 5 h'),
                  (9, interval '2 s',          'alert_to_human',             'a human at 5 h'),
                  (10, interval '9 h',         NULL,                         'who has it alone then')) AS v (n, span, done, total);
SELECT results_eq($$ SELECT to_post, step FROM escalation e JOIN red r ON r.alert = e.alert_id AND e.post_id = 'station'
                     ORDER BY step $$,
                  $$ VALUES ('bureau', 1), ('office', 2), ('committee', 3) $$, 'each step once');
SELECT is((SELECT count(*) FROM review_task t, red r WHERE t.kind = 'delivery' AND t.state = 'open'
           AND t.detail->>'alert' = r.alert), 1::bigint, 'the human''s question stays open');
SELECT is((SELECT count(DISTINCT repeat) FROM outbox o, red r WHERE o.alert_id = r.alert AND o.post_id = 'station'
           AND repeat > 0),
          (SELECT repeats::bigint FROM delivery d, red r WHERE d.alert_id = r.alert AND d.post_id = 'station'),
          'every reminder is a message of its own');
SELECT isnt_empty($$ SELECT FROM red r, LATERAL answer_take(r.alert, 'committee', 'acked', '', '') $$, 'the last one takes it on');
SELECT is((SELECT count(*) FROM review_task WHERE kind = 'delivery' AND state = 'open'), 0::bigint,
          'and answers the question');

CREATE TEMP TABLE orange AS SELECT told(3, 2) AS alert;
SELECT is(wait_for(alert, who, span), done, 'orange, ' || who || ': ' || total)
FROM orange, (VALUES (1, 'station', interval '3 h 59 min 58 s', NULL,                      'nothing before 4 h'),
                     (2, 'station', interval '2 s',             'alert_repeated',          'reminded at 4 h'),
                     (3, 'station', interval '3 h 59 min 57 s', NULL,                      'nothing before 8 h'),
                     (4, 'justice', interval '3 s',             'alert_escalated office, alert_repeated', 'others'' lead at 8 h, too'),
                     (5, 'station', interval '15 h 59 min',     'alert_repeated',          'reminded every 4 h'),
                     (6, 'station', interval '1 min',           'alert_escalated office',  'the office at 24 h'),
                     (7, 'station', interval '7 h 59 min',      'alert_repeated',          'a human not before 32 h'),
                     (8, 'station', interval '1 min',           'alert_to_human',          'a human at 32 h')) AS v (n, who, span, done, total);

CREATE TEMP TABLE yellow AS SELECT told(4, 3) AS alert;
SELECT is(wait_for(alert, 'station', span), done, 'yellow: ' || total)
FROM yellow, (VALUES (1, interval '23 h 59 min', NULL,                     'nothing before a day'),
                     (2, interval '1 min',       'alert_repeated',         'reminded after a working day'),
                     (3, interval '23 h 58 min', NULL,                     'nothing before two'),
                     (4, interval '3 min',       'alert_escalated bureau, alert_repeated', 'the lead after two days'),
                     (5, interval '1 day',       'alert_to_human',         'a human after three')) AS v (n, span, done, total);

CREATE TEMP TABLE blue AS SELECT told(5, 4) AS alert;
SELECT is(wait_for(alert, 'station', interval '30 days'), NULL, 'blue: nobody is reminded') FROM blue;

-- ---- what ends a chain ----

CREATE TEMP TABLE taken AS SELECT told(6, 1) AS alert;
SELECT is(wait_for(alert, 'station', interval '31 min'), 'alert_repeated, alert_escalated bureau', 'a chain begins') FROM taken;
SELECT isnt_empty($$ SELECT FROM taken r, LATERAL answer_take(r.alert, 'bureau', 'acked', '', '') $$, 'the lead takes it on');
SELECT is(wait_for(alert, 'station', interval '9 h'), NULL, 'an acknowledgement at any level ends it') FROM taken;
SELECT is((SELECT next_at FROM delivery d, taken r WHERE d.alert_id = r.alert AND d.post_id = 'station'),
          'infinity'::timestamptz, 'for good');

-- A message that cannot even be sent counts from the moment it was due; a post without a lead asks a human at once.
UPDATE post SET lead_post = NULL WHERE post_id = 'station';
CREATE FUNCTION public.unsent(risk bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    new_pair bigint;
BEGIN
    INSERT INTO hulei.person (person_id, grade, created_at, updated_at) VALUES (risk, 'strong', now(), now());
    SELECT p.pair_id INTO new_pair FROM hulei.pair_put(1, risk, 1::smallint, 'R1', '{NEAR_200M}',
        '{"areas": ["500111004203"]}', public.hash_of('unsent'), 'test.1', clock_timestamp()) AS p;
    PERFORM public.decide(new_pair, 'accept');
    UPDATE hulei.outbox SET not_before = clock_timestamp() - interval '31 min' WHERE state = 'queued';
    UPDATE hulei.delivery SET next_at = next_at - interval '31 min' WHERE state = 'queued';
    RETURN (SELECT a.alert_id FROM hulei.alert a WHERE a.pair_id = new_pair);
END
$$;
CREATE TEMP TABLE dead AS SELECT unsent(70) AS alert;
SELECT escalate_due(100);
SELECT escalate_due(100);
SELECT is((SELECT detail->>'post' FROM review_task t, dead r WHERE t.kind = 'delivery' AND t.detail->>'alert' = r.alert),
          'station', 'an unsent alert of a post without a lead is put before a human');
SELECT is((SELECT count(*) FROM outbox o, dead r WHERE o.alert_id = r.alert AND o.repeat > 0), 0::bigint,
          'nobody is reminded of what was not sent');

SELECT throws_ok('SELECT as_role(''hulei_engine'', ''SELECT hulei.escalate_due(1)'')', '42501', NULL,
                 'only the courier escalates');
SELECT is_empty('SELECT * FROM audit_verify()', 'the audit chain is sound');

SELECT * FROM finish();
ROLLBACK;
