-- The emergency path: once per record and rule, told at once, never reviewed, erased in time.
BEGIN;
\ir fixture.psql
SELECT plan(40);

CREATE FUNCTION public.take(subject text, rule text, tier int, off int, event text DEFAULT NULL, area text DEFAULT '500111004201')
RETURNS TABLE (outcome text, alert_id text) LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL SESSION AUTHORIZATION hulei_courier;
    RETURN QUERY SELECT * FROM hulei.emergency_take('hulei.emergency.police', 0, take.off, 'urn:hulei:test:watches', 'police', 13::smallint,
        subject, hulei_hash(coalesce(event, subject || take.off)), now(), rule, tier::smallint, ARRAY['SOS'],
        jsonb_build_object('areas', jsonb_build_array(area), 'children', 1), 1, nextval('hulei.emergency_key'),
        sha256('a') || sha256('b'), '\x01', '\x02', hulei_hash('watch-' || subject));
    RESET SESSION AUTHORIZATION;
END
$$;
CREATE FUNCTION public.hulei_hash(word text) RETURNS bytea LANGUAGE sql AS $$ SELECT substr(sha256(convert_to(word, 'UTF8')), 1, 16) $$;

SELECT is(outcome, 'accepted', 'an alarm is taken') FROM take('s-1', 'E1', 1, 1, 'event-1');
SELECT set_eq($$ SELECT d.post_id FROM delivery d JOIN alert a USING (alert_id) WHERE a.is_emergency $$,
              ARRAY['station', 'civil'], 'police and civil affairs of the area are told, no other');
SELECT is(outcome, 'unchanged', 'the same event again changes nothing') FROM take('s-1', 'E1', 1, 2, 'event-1');
SELECT is(outcome, 'unchanged', 'the same record in another event tells nobody twice') FROM take('s-1', 'E1', 1, 3, 'event-2');
SELECT is(outcome, 'accepted', 'the same record under a graver rule is a new emergency') FROM take('s-1', 'E3', 1, 4, 'event-3');
SELECT is((SELECT count(*) FROM emergency), 2::bigint, 'two emergencies');
SELECT is((SELECT count(*) FROM alert WHERE is_emergency AND decision_id IS NULL AND sla = 0), 2::bigint,
          'red emergencies: deadlines of their own, no decision');
SELECT is((SELECT count(*) FROM outbox WHERE kind = 'alert' AND NOT is_urgent), 0::bigint, 'their rows go the urgent way');
SELECT is((SELECT outbox.post_id FROM outbox JOIN alert USING (alert_id) WHERE rule = 'E1' ORDER BY outbox_id LIMIT 1), 'station',
          'the police first');

SELECT is(outcome, 'accepted', 'a check-in without danger') FROM take('s-2', 'L1', 3, 5);
SELECT set_eq($$ SELECT post_id FROM delivery JOIN alert USING (alert_id) WHERE rule = 'L1' $$, ARRAY['station'], 'L1: police only');
SELECT is((SELECT sla FROM alert WHERE rule = 'L1'), 3::smallint, 'L1 has the deadlines of yellow');
SELECT is(outcome, 'accepted', 'what calls for nothing is accepted') FROM take('s-3', NULL, NULL, 6);
SELECT is((SELECT count(*) FROM emergency), 3::bigint, 'and leaves no emergency');
SELECT is((SELECT count(*) FROM sos_device), 3::bigint, 'every watch was heard');
SELECT is(outcome, 'accepted', 'an area nobody answers for') FROM take('s-4', 'E1', 1, 7, NULL, '510100001001');
SELECT is((SELECT string_agg(d.post_id, ',') FROM delivery d JOIN alert a USING (alert_id) JOIN emergency e USING (emergency_id)
           WHERE e.subject = 's-4'), 'bureau', 'goes to the police above all stations');

-- What only an emergency may do.
SELECT throws_ok($$ INSERT INTO alert (pair_version, tier, rule, reasons, evidence, policy_version, msg)
                    VALUES (0, 1, 'E1', '{}', '{}', 'p', 'alert') $$, '23514', NULL, 'an alert about nothing is impossible');
SELECT lives_ok($$ SELECT * FROM put(2, 'near') $$, 'a pair');
SELECT throws_ok($$ INSERT INTO alert (pair_id, pair_version, tier, rule, reasons, evidence, policy_version, msg)
                    SELECT pair_id, 1, 1, 'R1', '{}', '{}', 'p', 'alert' FROM pair $$, '23514', NULL,
                 'an alert about a person of concern without a decision is impossible');
SELECT throws_ok($$ INSERT INTO alert (pair_id, emergency_id, pair_version, tier, rule, reasons, evidence, policy_version, msg)
                    SELECT pair_id, (SELECT min(emergency_id) FROM emergency), 1, 1, 'E1', '{}', '{}', 'p', 'alert' FROM pair $$,
                 '23514', NULL, 'an emergency names no pair');
SELECT throws_ok($$ SELECT as_role('hulei_courier', 'SELECT body FROM hulei.emergency') $$, '42501', NULL,
                 'the courier reads what is sealed through its door only');
SELECT throws_ok($$ SELECT as_role('hulei_engine', 'SELECT * FROM hulei.emergency_child(''C-1'', ''police'')') $$, '42501', NULL,
                 'the engine has no business here');

-- Which child.
SELECT is((SELECT person_id FROM emergency_child('C-1', 'police')), 1::bigint, 'a child is found by its record number');
SELECT is((SELECT count(*) FROM emergency_child('C-9', 'police')), 0::bigint, 'an unknown number finds none');
INSERT INTO source VALUES (30, 'urn:hulei:test:other-children', 'hulei.feed.education.children', 'education');
INSERT INTO record SELECT 199, 30, type, subject, state, version_time, part, 9, 'e9', digest, 1, body, facts, updated_at FROM record WHERE record_id = 101;
SELECT is((SELECT count(*) FROM emergency_child('C-1', 'police')), 0::bigint, 'of two that fit alike neither is taken');
SELECT is((SELECT record_id FROM emergency_child('C-1', 'education')), 199::bigint, 'the alarm''s own department comes first');

-- E.4, both sides of each bound.
CREATE TEMP TABLE station AS SELECT d.alert_id FROM delivery d JOIN alert a USING (alert_id) WHERE a.rule = 'E1' AND d.post_id = 'station';
UPDATE delivery SET state = 'sent', sent_at = clock(), ack_by = clock() + interval '3 minutes', next_at = NULL
WHERE post_id = 'station' AND alert_id IN (SELECT alert_id FROM station);
UPDATE delivery SET state = 'acked' WHERE post_id <> 'station' OR alert_id NOT IN (SELECT alert_id FROM station);
SELECT travel('2 minutes 55 seconds');
SELECT is((SELECT repeated + escalated FROM escalate_due(100)), 0, 'no reminder before 3 minutes');
SELECT travel('10 seconds');
SELECT is((SELECT repeated FROM escalate_due(100)), 1, 'a reminder after 3 minutes');
SELECT is((SELECT count(*) FROM outbox WHERE repeat > 0 AND is_urgent), 1::bigint, 'which goes the urgent way, too');
SELECT travel('2 minutes 50 seconds');
SELECT is((SELECT escalated FROM escalate_due(100)), 0, 'no lead before 6 minutes');
SELECT travel('10 seconds');
SELECT is((SELECT escalated FROM escalate_due(100)), 1, 'the duty chief after 6 minutes');
SELECT is((SELECT bool_and(is_urgent) FROM outbox WHERE post_id = 'bureau'), true, 'by the urgent way');

-- An answer.
SELECT lives_ok($$ SELECT answer_take((SELECT alert_id FROM station), 'station', 'closed', 'done', 'u-1') $$, 'the police close it');
SELECT is((SELECT topic FROM outbox WHERE kind = 'outcome'), 'hulei.receipt.police.emergency', 'and who reported hears of it');

-- Time.
SELECT travel('72 hours');
SELECT is((SELECT asked FROM emergency_turn()), 4::bigint, 'guardians nobody told are put before a human');
SELECT travel('26 days 23 hours');
SELECT is((SELECT erased FROM emergency_turn()), 0::bigint, 'nothing is erased before 30 days');
SELECT travel('1 hour');
SELECT is((SELECT erased FROM emergency_turn()), 4::bigint, 'after 30 days it is');
SELECT is((SELECT count(*) FROM data_key WHERE data_key_id < 0), 0::bigint, 'the keys are gone');
SELECT is((SELECT count(*) FROM emergency WHERE body IS NOT NULL OR reporter IS NOT NULL), 0::bigint,
          'and with them name, place and reporter');

SELECT * FROM finish();
ROLLBACK;
