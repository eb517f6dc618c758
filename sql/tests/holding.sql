BEGIN;
\ir fixture.psql
SELECT no_plan();
UPDATE setting SET value = '0' WHERE name = 'undo_window_s';
INSERT INTO group_window (tier, wait, at, weekday) VALUES
    (2, '10 min', NULL, NULL), (3, NULL, '09:00', NULL), (4, NULL, '09:00', 1);

-- ---- windows, on both sides of each bound, over the national holiday (Thursday 1 to Wednesday 7 October 2026) ----

CREATE FUNCTION public.closes(in_tier int, from_text text) RETURNS text LANGUAGE sql AS $$
    SELECT to_char(hulei.group_closes(w, (from_text || '+08')::timestamptz) AT TIME ZONE 'Asia/Shanghai', 'MM-DD HH24:MI:SS')
    FROM hulei.group_window w WHERE w.tier = in_tier
$$;
SELECT is(closes(tier, from_text), leaves, format('tier %s at %s', tier, from_text))
FROM (VALUES (2, '2026-10-03 12:00', '10-03 12:10:00'), -- a span runs through
             (3, '2026-09-29 08:59:59', '09-29 09:00:00'),
             (3, '2026-09-29 09:00:00', '09-29 09:00:00'),
             (3, '2026-09-29 09:00:01', '09-30 09:00:00'),
             (3, '2026-09-30 09:00:01', '10-08 09:00:00'), -- the holiday is over
             (3, '2026-10-09 10:00:00', '10-10 09:00:00'), -- a Saturday that is worked
             (4, '2026-09-28 09:00:00', '09-28 09:00:00'), -- a Monday
             (4, '2026-09-28 09:00:01', '10-08 09:00:00'), -- the next Monday is a holiday
             (4, '2026-10-08 09:00:01', '10-12 09:00:00')) AS v (tier, from_text, leaves);

-- ---- groups ----

CREATE FUNCTION public.alert_now(risk bigint, tier int, rule text DEFAULT 'O1', area text DEFAULT '500111004203')
    RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    new_pair bigint;
BEGIN
    INSERT INTO hulei.person (person_id, grade, created_at, updated_at) VALUES (risk, 'strong', now(), now())
    ON CONFLICT DO NOTHING;
    SELECT p.pair_id INTO new_pair FROM hulei.pair_put(1, risk, tier::smallint, rule, '{NEAR_200M}',
        jsonb_build_object('areas', jsonb_build_array(area)), public.hash_of(rule || tier || '/' || risk), 'test.1',
        hulei.clock()) AS p;
    PERFORM public.decide(new_pair, 'accept');
    RETURN (SELECT alert_id FROM hulei.alert WHERE pair_id = new_pair ORDER BY created_at DESC, alert_id LIMIT 1);
END
$$;
CREATE FUNCTION public.row_of(in_alert text, who text) RETURNS hulei.outbox LANGUAGE sql AS
    $$ SELECT * FROM hulei.outbox WHERE alert_id = in_alert AND post_id = who AND repeat = 0 $$;
-- What the courier would take now; taken.
CREATE FUNCTION public.leave() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    taken bigint[];
BEGIN
    SELECT array_agg(h) INTO taken FROM hulei.outbox_hold(ARRAY(
        SELECT outbox_id FROM hulei.outbox WHERE state = 'queued' AND kind = 'alert' AND not_before <= hulei.clock())) AS h;
    UPDATE hulei.outbox SET state = 'sent', attempts = 1, sent_at = hulei.clock() WHERE outbox_id = ANY (taken);
    UPDATE hulei.delivery d SET state = 'sent', sent_at = hulei.clock(),
                                ack_by = hulei.alert_ack_by(a.tier, t.view, hulei.clock()),
                                act_by = CASE WHEN a.msg <> 'cancel' THEN hulei.alert_act_by(a.tier, hulei.clock()) END, next_at = NULL
    FROM hulei.outbox o, hulei.alert a, hulei.post t
    WHERE o.outbox_id = ANY (taken) AND d.alert_id = o.alert_id AND d.post_id = o.post_id AND d.state = 'queued'
      AND a.alert_id = d.alert_id AND t.post_id = d.post_id;
    RETURN (SELECT string_agg(alert_id, ' ' ORDER BY outbox_id) FROM hulei.outbox
            WHERE outbox_id = ANY (taken) AND post_id = 'station');
END
$$;
SELECT travel_to('2026-09-29 14:00');
CREATE TEMP TABLE told AS
SELECT alert_now(11, 2) AS first, alert_now(12, 2) AS second, alert_now(13, 2, 'O2') AS other_rule,
       alert_now(14, 2, 'O1', '500111004204') AS elsewhere, alert_now(15, 1, 'R1') AS red;
SELECT is((row_of(second, 'station')).group_id, (row_of(first, 'station')).group_id, 'one post, community and rule: one group') FROM told;
SELECT is((row_of(second, 'station')).not_before, (row_of(first, 'station')).not_before, 'which leaves together') FROM told;
SELECT isnt((row_of(first, 'justice')).group_id, (row_of(first, 'station')).group_id, 'every post has its own') FROM told;
SELECT isnt((row_of(other_rule, 'station')).group_id, (row_of(first, 'station')).group_id, 'and every rule') FROM told;
SELECT isnt((row_of(elsewhere, 'station')).group_id, (row_of(first, 'station')).group_id, 'and every community') FROM told;
SELECT is((row_of(red, 'station')).group_id, NULL, 'red is never grouped') FROM told;
SELECT is(leave(), red, 'and leaves alone') FROM told;
SELECT travel('9 min 50 s');
SELECT is(leave(), NULL, 'orange not before ten minutes') FROM told;
SELECT travel('15 s');
SELECT is(leave(), concat_ws(' ', first, second, other_rule, elsewhere), 'then all that waited') FROM told;

-- ---- an update takes the place of what still waits ----

CREATE TEMP TABLE higher AS SELECT alert_now(21, 3, 'Y1') AS yellow;
SELECT is((row_of(yellow, 'station')).not_before, '2026-09-30 09:00+08'::timestamptz, 'yellow waits for the morning') FROM higher;
ALTER TABLE higher ADD COLUMN red text;
UPDATE higher SET red = alert_now(21, 1, 'R1');
SELECT is((SELECT msg FROM alert a, higher h WHERE a.alert_id = h.red), 'update', 'it becomes red meanwhile');
SELECT is(leave(), red, 'the red one leaves at once') FROM higher;
SELECT is((row_of(yellow, 'station')).state, 'withdrawn', 'the yellow one never') FROM higher;
SELECT is((SELECT d.state FROM delivery d, higher h WHERE d.alert_id = h.yellow AND d.post_id = 'station'), 'gave_up',
          'and nobody waits for an answer to it');

-- ---- budget ----

UPDATE post_budget SET per_day = 2 WHERE tier = 3;
CREATE TEMP TABLE budget AS SELECT n, alert_now(30 + n, 3, 'Y1') AS alert FROM generate_series(1, 5) AS n;
SELECT results_eq(
    $$ SELECT to_char((row_of(alert, 'station')).not_before AT TIME ZONE 'Asia/Shanghai', 'MM-DD HH24:MI') FROM budget ORDER BY n $$,
    $$ VALUES ('09-30 09:00'), ('09-30 09:00'), ('10-08 09:00'), ('10-08 09:00'), ('10-09 09:00') $$,
    'two a day, the others on the next working days; none is lost');
UPDATE outbox SET state = 'sent' WHERE state = 'queued';

-- ---- silence ----

SELECT throws_ok(format('INSERT INTO silence (rule, reason_code, until, account_id) VALUES (''O1'', ''SILENCE_DATA_FAULT'',
                         clock() + %L::interval, 1)', span), '23514', NULL, 'not longer than 90 days: ' || span)
FROM (VALUES ('90 days 1 s'), ('-1 s')) AS v (span);
SELECT throws_ok('INSERT INTO silence (reason_code, until, account_id) VALUES (''SILENCE_DATA_FAULT'', clock() + interval ''1 d'', 1)',
                 '23514', NULL, 'not everything at once');
DELETE FROM group_window;
INSERT INTO silence (rule, area, reason_code, until, account_id)
VALUES ('O1', '500111004', 'SILENCE_DATA_FAULT', clock() + interval '5 days', account_of('reviewer-1')),
       ('R1', NULL, 'SILENCE_DATA_FAULT', clock() + interval '5 days', account_of('reviewer-1'));
CREATE TEMP TABLE quiet AS SELECT alert_now(41, 2) AS held, alert_now(42, 2, 'O2') AS free, alert_now(43, 1, 'R1') AS red;
SELECT is(leave(), concat_ws(' ', free, red), 'what matches is held back; red never is') FROM quiet;
SELECT is((row_of(held, 'station')).state, 'muted', 'as a row of its own state') FROM quiet;
SELECT is(outbox_release(), 0::bigint, 'as long as the silence lasts');
SELECT is((SELECT array_agg(DISTINCT delivery_advance(held, p)) FROM unnest(ARRAY['station', 'justice']) AS p), '{planned}',
          'nobody is pressed for an answer') FROM quiet;
SELECT travel('4 days 23 h 59 min 50 s');
SELECT is(outbox_release(), 0::bigint, 'to its last second');
SELECT travel('15 s');
SELECT is(outbox_release(), 2::bigint, 'then it goes to both posts');
SELECT is(leave(), held, 'and leaves') FROM quiet;
SELECT is((delivery_plan(d)).at > clock() + interval '1 h', true, 'its time to be answered begins then')
FROM delivery d, quiet q WHERE d.alert_id = q.held AND d.post_id = 'station';
UPDATE outbox SET state = 'sent' WHERE state = 'queued';

-- ---- inhibition ----

CREATE FUNCTION public.unit_alert(risk bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    new_pair bigint;
BEGIN
    SELECT p.pair_id INTO new_pair FROM hulei.pair_put(7000, risk, 1::smallint, 'R3', '{STAFF}',
        '{"areas": ["500111004203"], "subject": "unit"}', public.hash_of('unit' || risk), 'test.1', hulei.clock(), 'unit') AS p;
    PERFORM public.decide(new_pair, 'accept');
    RETURN (SELECT alert_id FROM hulei.alert WHERE pair_id = new_pair);
END
$$;
CREATE TEMP TABLE copies AS SELECT unit_alert(5) AS unit, alert_now(5, 1, 'R3') AS child, alert_now(6, 1, 'R3') AS another;
SELECT is(leave(), concat_ws(' ', unit, another), 'a school-wide alert mutes the copy for a child, of the same person only') FROM copies;
SELECT pair_event(p.pair_id, p.version, 'retract', 'engine', '{}') FROM pair p JOIN alert a USING (pair_id), copies c WHERE a.alert_id = c.unit;
SELECT is(outbox_release() > 0, true, 'when it is taken back the copy goes');
SELECT matches(leave(), child, 'at once') FROM copies;

-- ---- a cancel is done when what it took back is deleted ----

CREATE TEMP TABLE gone AS SELECT alert_now(51, 2) AS alert;
SELECT leave();
SELECT pair_event(p.pair_id, p.version, 'retract', 'engine', '{}') FROM pair p JOIN alert a USING (pair_id), gone g WHERE a.alert_id = g.alert;
ALTER TABLE gone ADD COLUMN cancel text;
UPDATE gone g SET cancel = c.alert_id FROM alert c WHERE c.msg = 'cancel' AND g.alert = ANY (c.refs);
SELECT leave();
SELECT is(delivery_is_waiting(d), true, 'it waits') FROM delivery d, gone g WHERE d.alert_id = g.cancel AND d.post_id = 'station';
SELECT isnt_empty($$ SELECT FROM gone g, LATERAL answer_take(g.cancel, 'station', 'acked', '', '') $$, 'that it was read');
SELECT is(delivery_is_waiting(d), true, 'is not enough') FROM delivery d, gone g WHERE d.alert_id = g.cancel AND d.post_id = 'station';
SELECT travel('30 days');
SELECT is(delivery_advance(cancel, 'station'), 'alert_repeated', 'the post is reminded') FROM gone;
SELECT is(delivery_advance(cancel, 'station'), 'alert_escalated', 'and its lead drawn in') FROM gone;
SELECT isnt_empty($$ SELECT FROM gone g, LATERAL answer_take(g.cancel, 'station', 'closed', 'deleted', '') $$, 'that it is deleted');
SELECT is(delivery_is_waiting(d), false, 'ends it') FROM delivery d, gone g WHERE d.alert_id = g.cancel AND d.post_id = 'station';
SELECT isnt_empty($$ SELECT FROM gone g, LATERAL answer_take(g.cancel, 'justice', 'cannot', '', '') $$, 'a post that cannot delete');
SELECT is((SELECT detail->>'reason' FROM review_task, gone WHERE kind = 'delivery' AND detail->>'alert' = cancel), 'NOT_DELETED',
          'is put before a human');

-- ---- who took it on owes action and outcome, by E.4, over the holiday ----

CREATE FUNCTION public.owes(in_alert text) RETURNS text LANGUAGE sql AS $$
    SELECT o.what || ' ' || to_char(o.at AT TIME ZONE 'Asia/Shanghai', 'MM-DD HH24:MI')
    FROM hulei.delivery d, LATERAL hulei.delivery_owes(d) AS o WHERE d.alert_id = in_alert AND d.post_id = 'station'
$$;
CREATE TEMP TABLE owed (tier int, act text, outcome text, alert text);
DELETE FROM silence;
SELECT travel_to('2026-09-30 16:00');
INSERT INTO owed VALUES (1, '10-01 16:00', '10-07 16:00', alert_now(61, 1, 'R1')),
                        (2, '10-10 16:00', '10-27 16:00', alert_now(62, 2)),
                        (3, '10-20 16:00', '11-17 16:00', alert_now(63, 3, 'Y1'));
SELECT leave();
SELECT answer_take(alert, 'station', 'acked', '', '') FROM owed;
SELECT is(owes(alert), 'NOT_ACTED ' || act, 'tier ' || tier || ': to act') FROM owed ORDER BY tier;
CREATE FUNCTION public.advance_at(moment text, in_alert text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.travel_to('2026-' || moment);
    RETURN hulei.delivery_advance(in_alert, 'station');
END
$$;
SELECT is(advance_at(substr(act, 1, 6) || '15:59:58', alert), 'planned', 'tier ' || tier || ': not before') FROM owed ORDER BY act;
SELECT is(advance_at(act || ':01', alert), 'alert_overdue', 'tier ' || tier || ': a human hears of it') FROM owed ORDER BY act;
SELECT is(owes(alert), 'NO_OUTCOME ' || outcome, 'tier ' || tier || ': then an outcome is owed') FROM owed ORDER BY tier;
SELECT is(advance_at(substr(outcome, 1, 6) || '15:59:58', alert), 'planned', 'tier ' || tier || ': not before') FROM owed ORDER BY outcome;
SELECT is(advance_at(outcome || ':01', alert), 'alert_overdue', 'tier ' || tier || ': a human hears of it') FROM owed ORDER BY outcome;
SELECT is(advance_at('12-20 12:00', alert), 'nothing', 'once each') FROM owed ORDER BY tier;
SELECT isnt_empty($$ SELECT FROM owed o, LATERAL answer_take(o.alert, 'station', 'closed', 'done', '') $$, 'an outcome');
SELECT is(owes(alert), NULL, 'is all that was owed') FROM owed ORDER BY tier;

-- ---- an exercise is told as one ----

INSERT INTO setting VALUES ('alert_status', 'exercise');
CREATE TEMP TABLE drill AS SELECT alert_now(71, 2, 'O1') AS alert;
SELECT is((SELECT status FROM alert a, drill d WHERE a.alert_id = d.alert), 'exercise', 'its status says so');
SELECT is((row_of(alert, 'station')).topic, 'hulei.exercise.station', 'on a topic of its own') FROM drill;
DELETE FROM setting WHERE name = 'alert_status';
SELECT leave();
SELECT travel('4 h 1 min');
SELECT alert_remind(d) FROM delivery d, drill x WHERE d.alert_id = x.alert AND d.post_id = 'station';
SELECT is((SELECT o.topic FROM outbox o, drill d WHERE o.alert_id = d.alert AND o.repeat = 1), 'hulei.exercise.station',
          'it ends as what it began');

SELECT is_empty('SELECT * FROM audit_verify()', 'the audit chain is sound');
SELECT * FROM finish();
ROLLBACK;
