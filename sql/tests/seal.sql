BEGIN;
\ir fixture.psql
SELECT plan(22);

INSERT INTO record_history VALUES (102, '2026-02-01', 0, 0, 'e0', 'live', '\x01ee', now());
INSERT INTO identity_decision (mention_a, mention_b, verdict, account_id) VALUES (1632, 1648, 'same', 1);
INSERT INTO parked (topic, part, off, source_id, code, stage, first_seen, attempts, state, data_key_id, body, tombstone)
VALUES ('t', 0, 1, 2, 'limit', 'decode', now(), 1, 'parked', 4, '\x01dd', sha256('R-1'));
CREATE TEMP TABLE mine AS SELECT pair_id FROM put(2, 'a');
SELECT is(decide((SELECT pair_id FROM mine), 'accept'), 'accepted', 'an alert about the person went out');
SELECT send_all();

INSERT INTO seal_tombstone VALUES (sha256('R-1'), now(), now());
SELECT lives_ok($$ SELECT as_role('hulei_engine', 'SELECT hulei.forget_records(''{102}'', ARRAY[sha256(''R-1'')], ''{sealed}'')') $$, 'the engine seals');
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
SELECT lives_ok($$ SELECT forget_records('{102}', ARRAY[sha256('R-1')], '{sealed}') $$, 'sealing twice is sealing once');
SELECT lives_ok($$ SELECT forget_records('{0}', ARRAY[sha256('R-9')], '{sealed}') $$, 'sealing what never came is fine');

-- Discarding by hand forgets the same way; requeueing only when the message was not parked again.
INSERT INTO data_key SELECT n, sha256(n::text::bytea) || sha256('w') FROM generate_series(11, 14) AS n;
INSERT INTO parked (topic, part, off, source_id, code, stage, first_seen, attempts, state, data_key_id, body)
SELECT 't', 0, n, 2, 'limit', 'decode', now(), 1, 'parked', n, '\x01dd' FROM generate_series(11, 13) AS n;
SELECT lives_ok($$ SELECT as_role('hulei_engine', 'UPDATE hulei.parked SET state = ''discarded'' WHERE off = 11') $$,
                'one is discarded, two are asked for again');
UPDATE parked SET state = 'requeued' WHERE off IN (12, 13);
INSERT INTO command (kind, payload, created_by)
SELECT 'requeue', jsonb_build_object('parked_id', parked_id), 'test' FROM parked WHERE off IN (12, 13);
SELECT is((SELECT count(body) FROM parked WHERE off IN (12, 13)), 2::bigint, 'they keep their bodies until then');
UPDATE parked SET state = 'parked', data_key_id = 14, body = '\x01ee' WHERE off = 13;
SELECT lives_ok($$ SELECT as_role('hulei_engine', 'UPDATE hulei.command SET applied_at = now() WHERE kind = ''requeue''') $$,
                'one is accepted, one refused again');
SELECT results_eq($$ SELECT off, body FROM parked WHERE off > 10 ORDER BY off $$,
                  $$ VALUES (11::bigint, NULL::bytea), (12, NULL), (13, '\x01ee') $$, 'only what is refused has a body');
SELECT set_eq($$ SELECT data_key_id FROM data_key WHERE data_key_id > 10 $$, ARRAY[14::bigint], 'and a key');
SELECT is_empty('SELECT * FROM audit_verify()', 'and the audit chain is sound');

SELECT * FROM finish();
ROLLBACK;
