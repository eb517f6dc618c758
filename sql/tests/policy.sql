BEGIN;
\ir fixture.psql
SELECT plan(17);
INSERT INTO account (name, os_user, roles, locked)
VALUES ('operator-1', 'hulei-op1', '{operator}', false), ('operator-2', 'hulei-op2', '{operator}', true);

CREATE FUNCTION public.propose(version text, forced boolean DEFAULT false, reason text DEFAULT NULL) RETURNS void
LANGUAGE sql AS $$
    SELECT hulei.policy_propose(version, '{a,b,c}', 'operator-1', reason, forced, '{"switched_on": ["drug"]}', '{}')
$$;
CREATE FUNCTION public.states() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(version || '=' || state, ' ' ORDER BY version) FROM hulei.policy_version
$$;
SELECT as_role('hulei_engine', $$ SELECT hulei.policy_begin('p.1+00000001', '{a,b,c}') $$);
SELECT is(states(), 'p.1+00000001=active', 'the first start takes the files');
SELECT as_role('hulei_engine', $$ SELECT hulei.policy_begin('p.2+00000002', '{a,b,c}') $$);
SELECT is(states(), 'p.1+00000001=active', 'later starts do not');
SELECT throws_ok($$ SELECT propose('p.1+00000001') $$, 'HL020', NULL, 'what is in force is not put forward');
SELECT throws_ok($$ SELECT propose('p.3+00000003', true) $$, '23514', NULL, 'forced without a reason');
SELECT throws_ok($$ SELECT propose('no version') $$, '23514', NULL, 'a version has its two halves');

SELECT throws_ok($$ SELECT hulei.policy_propose('p.3+00000003', '{a,b,c}', 'operator-2', NULL, false, '{}', '{}') $$,
                 'HL003', NULL, 'a locked operator puts nothing forward');
SELECT throws_ok($$ SELECT hulei.policy_propose('p.3+00000003', '{a,b,c}', 'reviewer-1', NULL, false, '{}', '{}') $$,
                 'HL003', NULL, 'nor a reviewer');
SELECT lives_ok($$ SELECT propose('p.3+00000003', true, 'PILOT') $$, 'put forward');
SELECT is(states(), 'p.1+00000001=active p.3+00000003=proposed', 'the old one stays until the engine takes it');
SELECT results_eq($$ SELECT kind, payload->>'version', created_by FROM command $$,
                  $$ VALUES ('policy_activate', 'p.3+00000003', 'operator-1') $$, 'the engine is told');
SELECT results_eq($$ SELECT actor, detail FROM audit_entry WHERE action = 'policy_proposed' $$,
    $$ VALUES ('operator-1', '{"forced": true, "reason": "PILOT", "version": "p.3+00000003", "switched_on": ["drug"]}'::jsonb) $$,
    'on record with who, why and what was switched on');
SELECT as_role('hulei_engine', $$ SELECT hulei.policy_take('p.3+00000003') $$);
SELECT is(states(), 'p.1+00000001=retired p.3+00000003=active', 'taken');
SELECT results_eq($$ SELECT detail->>'before' FROM audit_entry WHERE action = 'policy_activated' ORDER BY seq DESC LIMIT 1 $$,
                  $$ VALUES ('p.1+00000001') $$, 'on record with what it replaced');
SELECT lives_ok($$ SELECT propose('p.1+00000001') $$, 'back to the old one');
SELECT as_role('hulei_engine', $$ SELECT hulei.policy_take('p.1+00000001') $$);
SELECT is(states(), 'p.1+00000001=active p.3+00000003=retired', 'it is in force again');

SELECT as_role('hulei_engine', $$ SELECT hulei.policy_row_ended('drug', '2026-11-30') FROM generate_series(1, 3) $$);
SELECT is((SELECT count(*) FROM audit_entry WHERE action = 'policy_row_ended'), 1::bigint, 'an end is on record once');
SELECT throws_ok($$ SELECT as_role('hulei_console', 'SELECT hulei.policy_take(''p.3+00000003'')') $$, '42501', NULL,
                 'the console activates nothing');

SELECT * FROM finish();
ROLLBACK;
