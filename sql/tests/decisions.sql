BEGIN;
\ir fixture.psql
SELECT plan(49);

-- Who may decide.
SELECT is((SELECT count(*) FROM audit_entry WHERE lane = 'admin' AND action = 'account_insert'), 4::bigint,
          'every account is on record');
UPDATE account SET locked = false WHERE name = 'locked';
SELECT results_eq($$ SELECT detail->>'account', detail->>'locked' FROM audit_entry WHERE action = 'account_update' $$,
                  $$ VALUES ('locked', 'false') $$, 'and every change of one');

CREATE TEMP TABLE mine AS SELECT pair_id FROM put(2, 'a');
CREATE FUNCTION public.mine() RETURNS bigint LANGUAGE sql AS $$ SELECT pair_id FROM mine $$;

-- Accept: decision, alert, a delivery and a waiting message per responsible post.
SELECT is(decide(mine(), 'accept'), 'accepted', 'a reviewer accepts');
SELECT results_eq($$ SELECT verdict, reason_code, pair_version FROM decision $$, $$ VALUES ('accept', 'TEST', 2) $$,
                  'the decision is kept');
SELECT results_eq($$ SELECT msg, refs, decision_id, tier FROM alert $$,
                  $$ SELECT 'alert', '{}'::text[], decision_id, 2::smallint FROM decision $$, 'the alert rests on it');
SELECT set_eq($$ SELECT post_id, state FROM delivery $$,
              $$ VALUES ('station', 'queued'), ('justice', 'queued') $$,
              'the station of the area and the judicial office, nobody else');
SELECT set_eq($$ SELECT topic, kind, state, payload IS NULL, seq FROM outbox $$,
              $$ VALUES ('hulei.alert.station', 'alert', 'queued', true, 1),
                        ('hulei.alert.justice', 'alert', 'queued', true, 1) $$, 'a message to each topic');
SELECT is((SELECT count(*) FROM outbox o JOIN alert_series s USING (series_id) WHERE o.key = s.series_id), 2::bigint,
          'keyed by the series');
SELECT ok((SELECT bool_and(not_before - clock_timestamp() BETWEEN interval '55 s' AND interval '60 s') FROM outbox),
          'sixty seconds to think again');
SELECT results_eq($$ SELECT state FROM review_task $$, $$ VALUES ('done') $$, 'the task is done');
SELECT results_eq($$ SELECT kind, (payload->>'pair_id')::bigint, payload->>'verdict' FROM command $$,
                  $$ SELECT 'pair_decided', mine(), 'accept' $$, 'the engine is told');
SELECT results_eq($$ SELECT lane, actor, action, alert_id FROM audit_entry WHERE lane <> 'admin' $$,
                  $$ SELECT 'console', 'reviewer-1', 'pair_accept', alert_id FROM alert $$,
                  'one audit entry with the alert');
SELECT results_eq($$ SELECT event, from_state, to_state, actor FROM pair_log ORDER BY version $$,
                  $$ VALUES ('open', 'candidate', 'in_review', 'engine'),
                            ('accept', 'in_review', 'accepted', 'reviewer-1') $$, 'the log tells the life');
SELECT throws_ok($$ SELECT decide(mine(), 'reject', 'reviewer-2') $$, 'HL002', NULL, 'decided is decided');

-- Undo within the window.
SELECT is(decide(mine(), 'undo'), 'in_review', 'undo before anything left');
SELECT is((SELECT count(*) FROM outbox) + (SELECT count(*) FROM delivery) + (SELECT count(*) FROM alert), 0::bigint,
          'leaves no message, delivery or alert');
SELECT is((SELECT count(*) FROM review_task WHERE state = 'open'), 1::bigint, 'and the task is open again');
SELECT set_eq($$ SELECT verdict FROM decision $$, ARRAY['accept', 'undo'], 'both decisions stay');

-- Undo comes too late once a message is due or taken.
SELECT lives_ok($$ SELECT decide(mine(), 'accept') $$, 'accepted again');
SAVEPOINT taken;
UPDATE outbox SET attempts = 1;
SELECT throws_ok($$ SELECT decide(mine(), 'undo') $$, 'HL006', NULL, 'what the courier took is not undone');
ROLLBACK TO taken;
UPDATE outbox SET not_before = clock_timestamp() - interval '1 s';
SELECT throws_ok($$ SELECT decide(mine(), 'undo') $$, 'HL006', NULL, 'what is due is not undone');
SELECT send_all();

-- News about an accepted pair: reviewed again, then an update that names what it replaces.
SELECT results_eq($$ SELECT state, changed FROM put(2, 'b') $$, $$ VALUES ('in_review', true) $$, 'new evidence reopens');
SELECT is((SELECT count(*) FROM outbox WHERE state = 'queued'), 0::bigint, 'but sends nothing by itself');
SELECT is((SELECT evidence->>'name' FROM alert), 'a', 'and the alert keeps what was accepted');
SELECT lives_ok($$ SELECT decide(mine(), 'accept', 'reviewer-2') $$, 'accepted by another reviewer');
SELECT results_eq($$ SELECT u.refs FROM alert u WHERE u.msg = 'update' $$,
                  $$ SELECT ARRAY[alert_id] FROM alert WHERE msg = 'alert' $$, 'an update refers to the alert');
SELECT results_eq($$ SELECT DISTINCT seq FROM outbox WHERE state = 'queued' $$, $$ VALUES (2) $$,
                  'second message of the same series');
SELECT send_all();

-- The child moves: the old station hears a cancel, the new one an update.
SELECT lives_ok($$ SELECT * FROM put(2, 'moved', '500111005001') $$, 'evidence in another area');
SELECT lives_ok($$ SELECT decide(mine(), 'accept') $$, 'accepted');
SELECT set_eq($$ SELECT o.post_id, a.msg FROM outbox o JOIN alert a USING (alert_id) WHERE o.state = 'queued' $$,
              $$ VALUES ('station-far', 'update'), ('justice', 'update'), ('station', 'cancel') $$,
              'a table code with zeros covers its communities, and the station that no longer answers is told');
SELECT send_all();

-- The exposure is gone.
SELECT lives_ok($$ SELECT e.* FROM pair p, pair_event(p.pair_id, p.version, 'retract', 'engine', '{}') e
                   WHERE p.pair_id = mine() $$, 'retracted');
SELECT set_eq($$ SELECT o.post_id, a.msg FROM outbox o JOIN alert a USING (alert_id) WHERE o.state = 'queued' $$,
              $$ VALUES ('station-far', 'cancel'), ('justice', 'cancel') $$, 'whoever was told and not yet cancelled');
SELECT ok((SELECT bool_and(not_before <= clock_timestamp()) FROM outbox WHERE state = 'queued'), 'at once');
SELECT results_eq($$ SELECT reasons, evidence FROM pair $$, $$ VALUES ('{}'::text[], '{}'::jsonb) $$,
                  'the pair keeps no reasons');
SELECT send_all();

-- It comes back: review first, then a new alert, not an update of a cancelled one.
SELECT results_eq($$ SELECT state FROM put(2, 'moved', '500111005001') $$, $$ VALUES ('in_review') $$,
                  'the same exposure again is reviewed again');
SELECT lives_ok($$ SELECT decide(mine(), 'accept') $$, 'accepted');
SELECT set_eq($$ SELECT a.msg FROM outbox o JOIN alert a USING (alert_id) WHERE o.state = 'queued' $$, ARRAY['alert'],
              'a new alert');

-- Retracted before the first message left: nobody is told anything.
SELECT lives_ok($$ SELECT e.* FROM pair p, pair_event(p.pair_id, p.version, 'retract', 'engine', '{}') e
                   WHERE p.pair_id = mine() $$, 'retracted within the window');
SELECT is((SELECT count(*) FROM outbox WHERE state = 'queued'), 0::bigint, 'nothing leaves');
SELECT is((SELECT count(*) FROM delivery WHERE state = 'gave_up'), 2::bigint, 'the deliveries say so');

-- Retracted while a message is in the broker's hands: the cancel follows it.
SELECT lives_ok($$ SELECT * FROM put(3, 'c') $$, 'another pair');
SELECT lives_ok($$ SELECT decide((SELECT pair_id FROM pair WHERE risk_person = 3), 'accept') $$, 'accepted');
UPDATE outbox SET attempts = 1, not_before = clock_timestamp() WHERE state = 'queued' AND post_id = 'station';
SELECT lives_ok($$ SELECT e.* FROM pair p, pair_event(p.pair_id, p.version, 'retract', 'engine', '{}') e
                   WHERE p.risk_person = 3 $$, 'retracted while one message is on its way');
SELECT set_eq($$ SELECT o.post_id, a.msg FROM outbox o JOIN alert a USING (alert_id) WHERE o.state = 'queued' $$,
              $$ VALUES ('station', 'cancel') $$, 'only the post that may have it is told');
SELECT results_eq($$ SELECT seq, state FROM outbox WHERE post_id = 'station' AND key = (
                         SELECT key FROM outbox WHERE state = 'queued') ORDER BY seq $$,
                  $$ VALUES (1, 'withdrawn'), (2, 'queued') $$, 'with the next number of the series');

-- Held and unroutable pairs.
SELECT lives_ok($$ SELECT * FROM put(4, 'd', '510000000000') $$, 'a pair in an area nobody answers for');
SELECT is(decide((SELECT pair_id FROM pair WHERE risk_person = 4), 'accept'), 'accepted', 'is not refused');
SELECT results_eq($$ SELECT t.kind, t.tier, t.state, t.detail->>'reason', d.post_id
                     FROM review_task t JOIN alert a ON a.alert_id = t.detail->>'alert'
                     LEFT JOIN delivery d USING (alert_id) WHERE t.kind = 'delivery' $$,
                  $$ VALUES ('delivery', 2::smallint, 'open', 'NO_POST', NULL::text) $$,
                  'a human has the alert that no post answers for');
SELECT put(4, 'e');
UPDATE pair SET evidence = evidence || '{"held": true, "areas": ["500111004203"]}' WHERE risk_person = 4;
SELECT throws_ok($$ SELECT decide((SELECT pair_id FROM pair WHERE risk_person = 4), 'accept') $$, 'HL004', NULL,
                 'an identity that is only probable never alerts');

SELECT * FROM finish();
ROLLBACK;
