BEGIN;
\ir fixture.psql
SELECT plan(16);

CREATE FUNCTION public.move(child bigint, risk bigint, to_child bigint, to_risk bigint) RETURNS boolean LANGUAGE sql AS
    $$ SELECT hulei.pair_move(child, risk, to_child, to_risk) $$;

-- An accepted pair of child 1 and person 2; person 2 is found to be person 3.
CREATE TEMP TABLE first_pair AS SELECT pair_id FROM put(2, 'a');
SELECT is(decide((SELECT pair_id FROM first_pair), 'accept'), 'accepted', 'an alert went out');
SELECT send_all();
SELECT ok(move(1, 2, 1, 3), 'the pair moves');
SELECT results_eq($$ SELECT pair_id, child_person, risk_person, state, version FROM pair $$,
                  $$ SELECT pair_id, 1::bigint, 3::bigint, 'accepted', 2 FROM first_pair $$,
                  'it is the same pair, as decided, under the other person');
SELECT results_eq($$ SELECT changed FROM put(3, 'a') $$, ARRAY[false], 'the same evidence asks nobody');
SELECT is((SELECT count(*) FROM alert WHERE msg = 'cancel'), 0::bigint, 'and nobody hears a cancel');
SELECT ok(NOT move(1, 2, 1, 4), 'what has moved is not there any more');
SELECT is((SELECT count(*) FROM audit_entry WHERE action = 'pair_moved'), 1::bigint, 'a move has its audit entry');

-- An open one keeps its task.
CREATE TEMP TABLE open_pair AS SELECT pair_id FROM put(4, 'b');
SELECT ok(move(1, 4, 5, 4), 'the child of an open pair is somebody else');
SELECT results_eq($$ SELECT t.state FROM review_task t JOIN open_pair USING (pair_id) $$, ARRAY['open'],
                  'its task stays open, the only one');

-- A rejection follows, whether or not the pair can.
SELECT is(decide((SELECT pair_id FROM put(6, 'c')), 'reject'), 'rejected', 'a reviewer rejects');
SELECT lives_ok($$ SELECT put(2, 'other') $$, 'the other person has a pair of her own');
SELECT ok(NOT move(1, 6, 1, 2), 'two pairs do not become one');
SELECT is((SELECT state FROM pair WHERE risk_person = 6), 'rejected', 'the engine retracts what stays behind');
SELECT results_eq($$ SELECT state FROM put(2, 'c') $$, ARRAY['retracted'], 'the rejected evidence is not asked again');

SELECT lives_ok($$ SELECT as_role('hulei_engine', 'SELECT hulei.pair_move(5, 4, 1, 4)') $$, 'the engine moves pairs');
SELECT is_empty('SELECT * FROM audit_verify()', 'and the audit chain is sound');

SELECT * FROM finish();
ROLLBACK;
