BEGIN;
\ir fixture.psql
SELECT plan(28);

SELECT is(audit_append('engine', 'engine', 'engine', 'batch', NULL, NULL, NULL, '{"n": 1}'), 1::bigint, 'first of a lane');
SELECT is(audit_append('engine', 'engine', 'engine', 'batch', NULL, sha256('s'), NULL, '{"n": 2}'), 2::bigint, 'second');
SELECT is(audit_append('courier', 'courier', 'courier', 'alert_sent', 'deliver', NULL, 'al-1', '{}'), 1::bigint,
          'another lane counts for itself');
SELECT is(audit_append('engine', 'engine', 'engine', 'batch', NULL, NULL, NULL, '{"词": "x\"y"}'), 3::bigint, 'third');

SELECT is(audit_append_all('courier', 'courier', 'courier', 'deliver', '{alert_sent,messages_sent}', ARRAY[NULL, sha256('s')],
                           '{al-2,NULL}', ARRAY['{"post": "station"}', '{"count": 3}']::jsonb[]), 3::bigint,
          'many at once, numbered on');
SELECT is(audit_append_all('courier', 'courier', 'courier', NULL, '{}', '{}', '{}', '{}'), 3::bigint, 'none at once');
SELECT results_eq($$ SELECT action, alert_id, detail FROM audit_entry WHERE lane = 'courier' AND seq > 1 ORDER BY seq $$,
                  $$ VALUES ('alert_sent', 'al-2', '{"post": "station"}'::jsonb), ('messages_sent', NULL, '{"count": 3}') $$,
                  'each as it was given');

-- The chain by hand.
SELECT is((SELECT hash FROM audit_entry WHERE lane = 'engine' AND seq = 1),
          (SELECT sha256(audit_canonical(lane, seq, at, actor, role, action, purpose, subject, alert_id, detail))
           FROM audit_entry WHERE lane = 'engine' AND seq = 1), 'the first hash covers the entry alone');
SELECT is((SELECT hash FROM audit_entry WHERE lane = 'engine' AND seq = 2),
          (SELECT sha256(p.hash || audit_canonical(e.lane, e.seq, e.at, e.actor, e.role, e.action, e.purpose, e.subject,
                                                   e.alert_id, e.detail))
           FROM audit_entry e JOIN audit_entry p ON p.lane = e.lane AND p.seq = 1
           WHERE e.lane = 'engine' AND e.seq = 2), 'the next covers the hash before it');
SELECT is(convert_from(audit_canonical('a', 7, '2026-03-01 00:00:00.5+00', 'b', 'c', 'd', NULL, '\xff', NULL, '{}'), 'UTF8'),
          '1:a,1:7,27:2026-03-01T00:00:00.500000Z,1:b,1:c,1:d,-,2:ff,-,2:{}', 'the canonical bytes');
SELECT isnt(audit_canonical('a', 1, now(), 'b', 'c', 'd', '', NULL, NULL, '{}'),
            audit_canonical('a', 1, now(), 'b', 'c', 'd', NULL, NULL, NULL, '{}'), 'empty is not absent');
SELECT is_empty('SELECT * FROM audit_verify()', 'a sound chain');

-- Nobody changes it by the front door, the owner included.
SELECT throws_ok('UPDATE audit_entry SET actor = ''x''', 'HL009', NULL, 'no update, even by a superuser');
SELECT throws_ok('DELETE FROM audit_entry', 'HL009', NULL, 'no delete');
SELECT throws_ok('TRUNCATE audit_entry', 'HL009', NULL, 'no truncate');
SELECT throws_ok('DELETE FROM audit_lane', 'HL009', NULL, 'no lane is dropped');
SELECT throws_ok(format('SELECT as_role(%L, ''UPDATE hulei.audit_entry SET actor = actor'')', r), '42501', NULL,
                 r || ' does not change entries')
FROM unnest(ARRAY['hulei_engine', 'hulei_courier', 'hulei_console', 'hulei_auditor']) AS r;
SELECT throws_ok(format('SELECT as_role(%L, %L)', role, format(
           'SELECT hulei.audit_append(%L, ''x'', ''x'', ''x'', NULL, NULL, NULL, ''{}'')', lane)), 'HL008', NULL,
       role || ' does not write the lane of others')
FROM (VALUES ('hulei_engine', 'courier'), ('hulei_courier', 'engine'), ('hulei_console', 'engine')) AS r (role, lane);

-- Somebody with all rights changes it by the back door: found, and where.
ALTER TABLE audit_entry DISABLE TRIGGER ALL;
-- A lane of its own for each connection of the console.
SET LOCAL application_name = 'hulei console 7';
SELECT as_role('hulei_console', 'SELECT hulei.session_end(''x'')');
INSERT INTO account (name, roles) VALUES ('laner', '{auditor}');
INSERT INTO session (token_hash, account_id, state, ends_at)
SELECT token_hash('t-lane'), account_id, 'active', clock_timestamp() + interval '1 hour' FROM account WHERE name = 'laner';
SELECT as_role('hulei_console', 'SELECT hulei.session_end(''t-lane'')');
SELECT results_eq($$ SELECT lane, seq FROM audit_entry WHERE action = 'sign_out' $$, $$ VALUES ('console-7', 1::bigint) $$,
                  'what connection 7 of the console does is in lane console-7');
SELECT is_empty('SELECT * FROM audit_verify()', 'and its chain is sound');
RESET application_name;
SAVEPOINT sound;
UPDATE audit_entry SET detail = '{"n": 9}' WHERE lane = 'engine' AND seq = 2;
SELECT results_eq('SELECT lane, seq FROM audit_verify()', $$ VALUES ('engine', 2::bigint) $$, 'a changed entry');
ROLLBACK TO sound;
DELETE FROM audit_entry WHERE lane = 'engine' AND seq = 2;
SELECT is((SELECT seq FROM audit_verify() LIMIT 1), 3::bigint, 'a missing entry');
ROLLBACK TO sound;
DELETE FROM audit_entry WHERE lane = 'engine' AND seq = 3;
SELECT is((SELECT fault FROM audit_verify() LIMIT 1), 'entries are missing after it', 'a cut tail');

SELECT * FROM finish();
ROLLBACK;
