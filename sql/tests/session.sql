BEGIN;
\ir fixture.psql
SELECT plan(34);

DELETE FROM session;
INSERT INTO credential (account_id, salt, ops, memory_bytes, verifier)
SELECT account_id, substr(sha256('salt'), 1, 16), 2, 67108864, sha256('proof') FROM account WHERE name <> 'officer';
CREATE FUNCTION public.open(who text, proof text DEFAULT 'proof', token text DEFAULT 'first') RETURNS text LANGUAGE sql AS
    $$ SELECT state FROM hulei.session_open(who, convert_to(proof, 'UTF8'), NULL, sha256(convert_to(token, 'UTF8'))) $$;
CREATE FUNCTION public.confirm(step bigint, token text DEFAULT 'first', next text DEFAULT 'second') RETURNS boolean LANGUAGE sql AS
    $$ SELECT is_active FROM hulei.session_confirm(token, step, sha256(convert_to(next, 'UTF8'))) $$;

-- ---- first factor ----
SELECT is(open('nobody'), NULL, 'an unknown account is refused');
SELECT is(open('officer'), NULL, 'so is one without a password');
SELECT is(open('locked'), NULL, 'so is a locked one');
SELECT is(open('reviewer-1', 'wrong'), NULL, 'and a wrong password');
SELECT results_eq($$ SELECT * FROM sign_in_parameters('nobody') $$, $$ SELECT * FROM sign_in_parameters('nobody') $$,
                  'an unknown account has parameters that do not change');
SELECT is(open('reviewer-1'), 'enrol', 'the right one, without a second factor: it is to be enrolled');
SELECT throws_ok($$ SELECT * FROM session_begin('first', true) $$, 'HL020', NULL, 'one factor opens nothing');

-- ---- second factor ----
SELECT ok(session_enrol('first', '\x01', '\x02'), 'the sealed secret is kept');
SELECT ok(NOT confirm(NULL), 'a wrong code opens nothing');
SELECT ok(confirm(100), 'the right one does');
SELECT throws_ok($$ SELECT * FROM session_begin('first', true) $$, 'HL020', NULL, 'the first token is no session any more');
SELECT results_eq($$ SELECT account, roles, is_due FROM session_begin('second', true) $$,
                  $$ VALUES ('reviewer-1', '{reviewer}'::text[], true) $$, 'the second one is; the password is still to be changed');
SELECT is(open('reviewer-1', token => 'third'), 'totp', 'next time a code is asked for');
SELECT ok(NOT session_enrol('third', '\x03', '\x04'), 'an enrolled factor is not replaced by who knows the password');
SELECT ok(NOT confirm(100, 'third', 'fourth'), 'a code counts once');
SELECT ok(confirm(101, 'third', 'fourth'), 'the next one counts');
SELECT open('reviewer-1', token => 'guess');
SELECT confirm(NULL, 'guess', 'x') FROM generate_series(1, 5);
SELECT ok(NOT confirm(102, 'guess', 'x'), 'after five wrong codes the session is gone');
UPDATE credential SET failures = 0;

-- ---- end ----
UPDATE session SET seen_at = clock_timestamp() - interval '16 minutes' WHERE token_hash = token_hash('fourth');
SELECT throws_ok($$ SELECT * FROM session_begin('fourth', true) $$, 'HL020', NULL, 'it ends when nobody asks for 15 minutes');
UPDATE session SET seen_at = clock_timestamp() - interval '14 minutes' WHERE token_hash = token_hash('fourth');
SELECT lives_ok($$ SELECT * FROM session_begin('fourth', false) $$, 'not before');
SELECT lives_ok($$ SELECT * FROM session_begin('fourth', true) $$, 'a request keeps it alive');
SELECT ok((SELECT seen_at > clock_timestamp() - interval '1 minute' FROM session WHERE token_hash = token_hash('fourth')), 'for another 15');
UPDATE session SET ends_at = clock_timestamp() WHERE token_hash = token_hash('fourth');
SELECT throws_ok($$ SELECT * FROM session_begin('fourth', true) $$, 'HL020', NULL, 'and ends after its life however busy');
SELECT is(session_sweep(), 1::bigint, 'what ended is swept away');
SELECT session_end('second');
SELECT throws_ok($$ SELECT * FROM session_begin('second', true) $$, 'HL020', NULL, 'signing out ends it');

-- ---- password ----
SELECT open('reviewer-2', token => 'a'), confirm(1, 'a', 'b');
SELECT open('reviewer-2', token => 'c'), confirm(2, 'c', 'd');
SELECT ok(NOT password_change('b', 'wrong', substr(sha256('s'), 1, 16), 2, 67108864, 'new'), 'not without the old one');
SELECT ok(password_change('b', 'proof', substr(sha256('s'), 1, 16), 2, 67108864, 'new'), 'with it');
SELECT is((SELECT is_due FROM session_begin('b', true)), false, 'nothing is due any more');
SELECT throws_ok($$ SELECT * FROM session_begin('d', true) $$, 'HL020', NULL, 'every other session is over');
SELECT is(open('reviewer-2'), NULL, 'the old password is, too');

-- ---- lock-out, locking ----
SELECT open('reviewer-2', 'guess') FROM generate_series(1, 10);
SELECT is(open('reviewer-2', 'new'), NULL, 'ten wrong passwords lock the right one out');
SELECT is((SELECT count(*) FROM watch_alarm WHERE rule = 'lock_out' AND actor = 'reviewer-2'), 1::bigint, 'and the officer is told');
UPDATE account SET locked = true WHERE name = 'reviewer-2';
SELECT throws_ok($$ SELECT * FROM session_begin('b', true) $$, 'HL020', NULL, 'a locked account is signed out');
SELECT throws_ok($$ UPDATE account SET roles = '{reviewer,auditor}' WHERE name = 'reviewer-1' $$, '23514', NULL,
                 'nobody reviews and audits');
SELECT throws_ok($$ SELECT as_role('hulei_console', 'SELECT * FROM hulei.session') $$, '42501', NULL,
                 'the console reads no session');

SELECT * FROM finish();
ROLLBACK;
