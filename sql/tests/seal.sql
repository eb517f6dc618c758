BEGIN;
\ir fixture.psql
SELECT plan(20);

INSERT INTO record_history VALUES (102, '2026-02-01', 0, 0, 'e0', 'live', '\x01ee', now());
INSERT INTO identity_decision (mention_a, mention_b, verdict, account_id) VALUES (1632, 1648, 'same', 1);
INSERT INTO parked (topic, part, off, source_id, code, stage, first_seen, attempts, state, data_key_id, body, tombstone)
VALUES ('t', 0, 1, 2, 'limit', 'decode', now(), 1, 'parked', 4, '\x01dd', sha256('R-1'));
CREATE TEMP TABLE mine AS SELECT pair_id FROM put(2, 'a');
SELECT is(decide((SELECT pair_id FROM mine), 'accept'), 'accepted', 'an alert about the person went out');
SELECT send_all();

INSERT INTO seal_tombstone VALUES (sha256('R-1'), now(), now());
SELECT lives_ok($$ SELECT as_role('hulei_engine', 'SELECT hulei.seal_record(102)') $$, 'the engine seals');
SELECT is((SELECT count(*) FROM record WHERE record_id = 102), 0::bigint, 'the record is gone');
SELECT is((SELECT count(*) FROM record_history WHERE record_id = 102), 0::bigint, 'its history');
SELECT is((SELECT count(*) FROM mention WHERE record_id = 102), 0::bigint, 'its features');
SELECT is((SELECT count(*) FROM identity_decision), 0::bigint, 'decisions about its mention');
SELECT is((SELECT count(*) FROM data_key WHERE data_key_id = 2), 0::bigint, 'and its key');
SELECT results_eq($$ SELECT state, body, data_key_id FROM parked $$, $$ VALUES ('discarded', NULL::bytea, NULL::bigint) $$,
                  'a parked copy loses its body');
SELECT is((SELECT count(*) FROM data_key WHERE data_key_id = 4), 0::bigint, 'and its key');
SELECT is((SELECT count(*) FROM data_key), 2::bigint, 'the keys of the others stay');
SELECT results_eq($$ SELECT reasons, evidence FROM alert $$, $$ VALUES ('{}'::text[], '{}'::jsonb) $$,
                  'the alert keeps that it was sent, not why');

SELECT lives_ok($$ SELECT as_role('hulei_engine', 'SELECT hulei.pair_event(pair_id, version, ''retract'', ''engine'', ''{}'')
                                                   FROM hulei.pair WHERE risk_person = 2') $$, 'the engine retracts');
SELECT set_eq($$ SELECT o.post_id, a.msg FROM outbox o JOIN alert a USING (alert_id) WHERE o.state = 'queued' $$,
              $$ VALUES ('station', 'cancel'), ('justice', 'cancel') $$, 'everybody who was told hears the cancel');
SELECT results_eq($$ SELECT state, reasons, evidence FROM pair $$, $$ VALUES ('retracted', '{}'::text[], '{}'::jsonb) $$,
                  'the pair keeps no reasons');
SELECT lives_ok($$ SELECT seal_record(102) $$, 'sealing twice is sealing once');
SELECT lives_ok($$ SELECT seal_record(999999) $$, 'sealing what never came is fine');

-- Discarding by hand forgets the same way; requeueing does not.
INSERT INTO parked (topic, part, off, source_id, code, stage, first_seen, attempts, state, data_key_id, body)
VALUES ('t', 0, 2, 2, 'limit', 'decode', now(), 1, 'parked', 3, '\x01dd');
UPDATE parked SET state = 'requeued' WHERE off = 2;
SELECT isnt((SELECT body FROM parked WHERE off = 2), NULL::bytea, 'a requeued message keeps its body');
UPDATE record SET data_key_id = NULL WHERE record_id = 103;
UPDATE parked SET state = 'discarded' WHERE off = 2;
SELECT is((SELECT body FROM parked WHERE off = 2), NULL::bytea, 'a discarded one does not');
SELECT is((SELECT count(*) FROM data_key WHERE data_key_id = 3), 0::bigint, 'nor its key');
SELECT is_empty('SELECT * FROM audit_verify()', 'and the audit chain is sound');

SELECT * FROM finish();
ROLLBACK;
