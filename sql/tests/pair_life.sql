BEGIN;
\ir fixture.psql
SELECT plan(106);

-- Every (event, state): possible ones arrive where the table says, all others are HL002.
CREATE TEMP TABLE state_word AS
SELECT unnest(ARRAY['candidate', 'in_review', 'needs_info', 'accepted', 'rejected', 'disputed', 'closed', 'retracted',
                    'expired']) AS state;
CREATE TEMP TABLE event_word AS
SELECT unnest(ARRAY['open', 'update', 'accept', 'reject', 'needs_info', 'undo', 'retract', 'count', 'close',
                    'reopen']) AS event;
CREATE TEMP TABLE subject_pair AS SELECT * FROM put(2, 'life');

CREATE FUNCTION public.attempt(in_event text, in_state text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    UPDATE hulei.pair SET state = in_state, evidence = '{"areas": ["500111004203"]}';
    answer := public.decide((SELECT pair_id FROM hulei.pair), in_event);
    RAISE EXCEPTION USING ERRCODE = 'HL999', MESSAGE = answer;
EXCEPTION
    WHEN SQLSTATE 'HL999' THEN RETURN SQLERRM; -- whatever it did is undone
    WHEN SQLSTATE 'HL002' THEN RETURN 'impossible';
END
$$;
SELECT is(attempt(e.event, s.state),
          coalesce((SELECT to_state FROM pair_transition t WHERE t.event = e.event AND t.from_state = s.state),
                   'impossible'), e.event || ' of ' || s.state)
FROM event_word e CROSS JOIN state_word s;

SELECT set_eq($$ SELECT DISTINCT to_state FROM pair_transition $$,
              ARRAY['in_review', 'accepted', 'rejected', 'needs_info', 'closed', 'retracted', 'candidate'],
              'no transition leads out of the words of the table');

-- Opening.
SELECT results_eq($$ SELECT version, state, changed FROM subject_pair $$, $$ VALUES (1, 'in_review', true) $$,
                  'a new pair is opened for review');
SELECT results_eq($$ SELECT kind, tier, state, due_at FROM review_task $$,
                  $$ VALUES ('pair', 2::smallint, 'open', '2026-03-02 16:00:00+00'::timestamptz) $$,
                  'its task is due 24 h after the record that completed it; a Sunday stands still');
SELECT results_eq($$ SELECT version, state, changed FROM put(2, 'life') $$, $$ VALUES (1, 'in_review', false) $$,
                  'the same evidence changes nothing');
SELECT is((SELECT count(*) FROM review_task), 1::bigint, 'and asks nobody again');
SELECT results_eq($$ SELECT version, state, changed FROM put(2, 'life', tier => 1) $$,
                  $$ VALUES (2, 'in_review', true) $$, 'another tier is news');
SELECT results_eq($$ SELECT tier, due_at FROM review_task WHERE state = 'open' $$,
                  $$ VALUES (1::smallint, '2026-03-01 01:00:00+00'::timestamptz) $$, 'and the open task becomes urgent');

-- Versions and tasks.
SELECT throws_ok($$ SELECT pair_event((SELECT pair_id FROM pair), 1, 'reject', 'r', '{}') $$, 'HL001', NULL,
                 'an old version does not decide');
SELECT throws_ok($$ SELECT decide((SELECT pair_id FROM pair), 'accept', 'locked') $$, 'HL003', NULL,
                 'a locked account does not decide');
SELECT throws_ok($$ SELECT decide((SELECT pair_id FROM pair), 'accept', 'officer') $$, 'HL003', NULL,
                 'an account that is no reviewer does not decide');
SELECT throws_ok($$ SELECT decide((SELECT pair_id FROM pair), 'accept', 'nobody') $$, 'HL003', NULL,
                 'nobody does not decide');
SELECT throws_ok($$
    SELECT pair_event(pair_id, version, 'accept', 'r', jsonb_build_object('account_id', account_of('reviewer-1'),
                      'task_id', 999999)) FROM pair
$$, 'HL001', NULL, 'a task of something else does not decide');
SELECT throws_ok($$ SELECT as_role('hulei_engine', 'SELECT hulei.pair_event(pair_id, version, ''accept'', ''e'', ''{}'')
                                                    FROM hulei.pair') $$, 'HL003', NULL, 'the engine does not decide');
SELECT throws_ok($$ SELECT as_role('hulei_console', 'SELECT hulei.pair_event(pair_id, version, ''retract'', ''c'', ''{}'')
                                                     FROM hulei.pair') $$, 'HL003', NULL,
                 'the console does not say what the rules say');
SELECT is((SELECT count(*) FROM decision), 0::bigint, 'none of this left a decision');
SELECT is((SELECT count(*) FROM alert), 0::bigint, 'nor an alert');

SELECT * FROM finish();
ROLLBACK;
