BEGIN;
\ir fixture.psql
SELECT plan(42);

\ir expiry_engine.psql

-- Both sides of the end: on its last day a record is kept, on the next it goes.
SELECT travel_to('2026-12-01 09:00');
UPDATE record SET ends_on = '2027-01-31', ends_rule = 'release', basis = substr(sha256('b'), 1, 16) WHERE record_id = 102;
UPDATE record SET ends_on = '2031-05-31', ends_rule = 'birthday_18' WHERE record_id = 101;
CREATE TEMP TABLE mine AS SELECT pair_id FROM put(2, 'a');
SELECT is(decide((SELECT pair_id FROM mine), 'accept'), 'accepted', 'two posts are told of a pair');
SELECT send_all();
UPDATE delivery SET state = 'acked' WHERE post_id = 'station';
SELECT travel_to('2027-01-31 23:30');
SELECT results_eq('SELECT asked, debt FROM expiry_turn(10)', 'VALUES (0::bigint, 0::bigint)', 'the last day is kept');
SELECT travel_to('2027-02-01 00:30');
SELECT is(expiry_debt(), 1::bigint, 'the day after is too late');
SELECT is((SELECT asked FROM expiry_turn(10)), 1::bigint, 'and is asked for');
SELECT is((SELECT asked FROM expiry_turn(10)), 0::bigint, 'once');
SELECT engine_turn();
SELECT is(expiry_debt(), 0::bigint, 'no debt is left');
SELECT is((SELECT count(*) FROM record WHERE record_id = 102), 0::bigint, 'the record is gone');
SELECT is((SELECT count(*) FROM data_key WHERE data_key_id = 2), 0::bigint, 'with its key');
SELECT is((SELECT state FROM pair), 'expired', 'the pair is over');
SELECT set_eq($$ SELECT o.post_id FROM outbox o JOIN alert a USING (alert_id) WHERE a.msg = 'cancel' AND o.state = 'queued' $$,
              ARRAY['station', 'justice'], 'whoever was told hears the cancel, read or not');
SELECT results_eq($$ SELECT convert_from(payload, 'UTF8')::jsonb #- '{receipts,0,id}' FROM outbox WHERE kind = 'receipt' $$,
    $$ VALUES ('{"source": "urn:hulei:test:risk", "receipts": [{"subject": "R-1", "outcome": "erased", "code": "expired",
                "rule": "release"}]}'::jsonb) $$, 'the feeder gets a receipt without content');
SELECT results_eq($$ SELECT reason, basis FROM erased_record $$,
                  $$ VALUES ('expired', substr(sha256('b'), 1, 16)) $$, 'its basis is remembered');
SELECT is((SELECT action FROM audit_entry WHERE action LIKE 'record_%'), 'record_expired', 'the audit chain says so');
SELECT results_eq('SELECT persons IS NULL FROM erasure', 'VALUES (false)', 'the person waits for the pair''s time');

-- A pair that closed long ago: its posts read it, and delete it with the rest.
UPDATE record SET ends_on = '2027-03-01', ends_rule = 'term' WHERE record_id = 103;
CREATE TEMP TABLE other AS SELECT pair_id FROM put(3, 'b');
SELECT decide((SELECT pair_id FROM other), 'accept');
SELECT send_all();
SELECT pair_event(pair_id, version, 'close', 'station', '{}') FROM pair JOIN other USING (pair_id);
SELECT send_all();
SELECT travel_to('2027-03-02 01:00');
SELECT expiry_turn(10);
SELECT engine_turn();
SELECT is((SELECT p.state FROM pair p JOIN other USING (pair_id)), 'expired', 'a closed pair expires, too');
SELECT set_eq($$ SELECT o.post_id FROM outbox o JOIN alert a USING (alert_id) JOIN other USING (pair_id)
                 WHERE a.msg = 'cancel' AND o.state = 'queued' $$, ARRAY['station', 'justice'], 'with a cancel to all');

-- What was told is kept three years, without its grounds; then it goes.
SELECT send_all();
SELECT expiry_turn(10);
SELECT is((SELECT count(*) FROM alert WHERE evidence <> '{}' OR reasons <> '{}'), 0::bigint, 'no grounds are kept');
SELECT travel_to('2030-01-31 12:00');
SELECT expiry_turn(100);
SELECT is((SELECT count(*) FROM alert a JOIN mine USING (pair_id)), 2::bigint, 'a day before three years: who was told');
INSERT INTO audit_root (number, at, epoch, lanes, statement, filed_at)
SELECT 1, clock_timestamp(), 1, jsonb_agg(jsonb_build_object('lane', lane, 'seq', seq, 'hash', encode(hash, 'hex'))), '', now()
FROM audit_entry JOIN audit_lane USING (lane) WHERE seq = head_seq - 1; -- a statement of a moment before the newest entry
SELECT travel_to('2030-02-02 12:00');
SELECT expiry_turn(100);
SELECT is((SELECT count(*) FROM alert a JOIN mine USING (pair_id)), 0::bigint, 'a day after: nothing');
SELECT is((SELECT count(*) FROM delivery d JOIN alert USING (alert_id) JOIN mine USING (pair_id)), 0::bigint, 'nor deliveries');
SELECT travel_to('2030-03-05 12:00');
SELECT expiry_turn(100);
SELECT is((SELECT count(*) FROM pair), 0::bigint, 'pairs that are over go with them');
SELECT expiry_turn(100);
SELECT set_eq('SELECT person_id FROM person', ARRAY[1, 4, 5, 6]::bigint[], 'and the numbers of persons of whom nothing is left');
SELECT is((SELECT count(*) FROM erasure WHERE persons IS NOT NULL), 0::bigint, 'the ledger forgets them');
SELECT is((SELECT count(*) FROM erasure), 2::bigint, 'and keeps its hashes');
SELECT is((SELECT count(*) FROM outbox WHERE kind = 'receipt' AND state = 'sent'), 0::bigint, 'receipts are gone');

-- The audit chain: cut at a checkpoint, still sound, and no edit goes unseen.
SELECT ok((SELECT count(*) FROM audit_entry) > 0, 'the newest entries stay');
SELECT ok((SELECT bool_and(seq > 0) FROM audit_checkpoint), 'a checkpoint stands for those that were cut');
SELECT is_empty('SELECT * FROM audit_verify()', 'and the chain is sound from there');
SELECT throws_ok('DELETE FROM audit_entry', 'HL009', NULL, 'what no checkpoint covers does not go');
UPDATE audit_checkpoint SET hash = sha256('x');
SELECT isnt_empty('SELECT * FROM audit_verify()', 'another checkpoint is found out');

-- A stated end is not moved later on the same basis; it is on a new one, and it may always come sooner. (The statement the engine runs; psql reads it from its file.)
\set update `cat ../statements/engine_records_update.sql`
PREPARE newer AS :update;
CREATE FUNCTION public.days(day date) RETURNS int LANGUAGE sql RETURN day - date '1970-01-01';
INSERT INTO record (record_id, source_id, type, subject, state, version_time, part, off, event_id, digest, body, facts,
                    updated_at, ends_on, ends_rule, basis)
SELECT 110, 2, 5, 'R-3', 'live', '2026-03-01', 0, 9, 'e9', substr(sha256('9'), 1, 16), '\x01', '\x01', now(), '2031-01-31',
       'release', substr(sha256('case 1'), 1, 16);
EXECUTE newer('{110}', '{live}', '{2026-04-01}', '{0}', '{10}', '{e10}', ARRAY[substr(sha256('a'), 1, 16)], '{NULL}', '{NULL}',
              ARRAY[days('2032-01-31')], '{release}', ARRAY[substr(sha256('case 1'), 1, 16)]);
SELECT results_eq('SELECT ends_on, ends_held FROM record WHERE record_id = 110', $$ VALUES (date '2031-01-31', true) $$,
                  'later on the same case: not given');
EXECUTE newer('{110}', '{live}', '{2026-04-02}', '{0}', '{11}', '{e11}', ARRAY[substr(sha256('b'), 1, 16)], '{NULL}', '{NULL}',
              ARRAY[NULL::int], '{NULL}', ARRAY[substr(sha256('case 1'), 1, 16)]);
SELECT is((SELECT ends_on FROM record WHERE record_id = 110), date '2031-01-31', 'nor is an end taken away');
EXECUTE newer('{110}', '{live}', '{2026-04-03}', '{0}', '{12}', '{e12}', ARRAY[substr(sha256('c'), 1, 16)], '{NULL}', '{NULL}',
              ARRAY[days('2030-12-31')], '{release}', ARRAY[substr(sha256('case 1'), 1, 16)]);
SELECT results_eq('SELECT ends_on, ends_held FROM record WHERE record_id = 110', $$ VALUES (date '2030-12-31', false) $$,
                  'sooner: given');
EXECUTE newer('{110}', '{live}', '{2026-04-04}', '{0}', '{13}', '{e13}', ARRAY[substr(sha256('d'), 1, 16)], '{NULL}', '{NULL}',
              ARRAY[days('2033-12-31')], '{release}', ARRAY[substr(sha256('case 2'), 1, 16)]);
SELECT is((SELECT ends_on FROM record WHERE record_id = 110), date '2033-12-31', 'later on a new case: given');
SELECT ok(record_end_is_stated(r), r || ' is stated')
FROM unnest(ARRAY['until', 'release', 'term', 'order_end', 'death', 'appeal']) AS r;
SELECT ok(NOT record_end_is_stated('birthday_18'), 'a birthday is not: it may have been mistyped');
SELECT ok(NOT record_end_is_stated('assumed'), 'an assumed end is not');

SELECT * FROM finish();
ROLLBACK;
