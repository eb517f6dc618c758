BEGIN;
\ir fixture.psql
SELECT plan(23);

CREATE TEMP TABLE mine AS SELECT pair_id FROM put(2, 'a');
CREATE FUNCTION public.mine() RETURNS bigint LANGUAGE sql AS $$ SELECT pair_id FROM mine $$;
CREATE FUNCTION public.retract() RETURNS text LANGUAGE sql AS $$
    SELECT e.state FROM hulei.pair p, hulei.pair_event(p.pair_id, p.version, 'retract', 'engine', '{}') e
    WHERE p.pair_id = mine() $$;

SELECT is(decide(mine(), 'reject'), 'rejected', 'rejected');
SELECT results_eq($$ SELECT state, changed FROM put(2, 'a') $$, $$ VALUES ('rejected', false) $$,
                  'the same evidence does not ask again');
SELECT is((SELECT count(*) FROM review_task WHERE state = 'open'), 0::bigint, 'no task');
SELECT results_eq($$ SELECT state, changed FROM put(2, 'b') $$, $$ VALUES ('in_review', true) $$, 'new evidence does');

SELECT results_eq($$ SELECT state, changed FROM put(2, 'a') $$, $$ VALUES ('retracted', true) $$,
                  'back to what was rejected: taken out of review, not asked');
SELECT is((SELECT state FROM review_task ORDER BY task_id DESC LIMIT 1), 'cancelled', 'its task is cancelled');
SELECT results_eq($$ SELECT state, changed FROM put(2, 'a') $$, $$ VALUES ('retracted', false) $$, 'and stays so');
SELECT results_eq($$ SELECT state FROM put(2, 'b') $$, $$ VALUES ('in_review') $$, 'evidence b was never rejected');

SELECT is(decide(mine(), 'accept'), 'accepted', 'b is accepted');
SELECT send_all();
SELECT results_eq($$ SELECT state FROM put(2, 'a') $$, $$ VALUES ('retracted') $$, 'the accepted ground is gone');
SELECT set_eq($$ SELECT a.msg FROM outbox o JOIN alert a USING (alert_id) WHERE o.state = 'queued' $$, ARRAY['cancel'],
              'so its alert is cancelled');

SELECT lives_ok($$ SELECT * FROM put(2, 'c') $$, 'evidence c');
SELECT is(decide(mine(), 'reject'), 'rejected', 'is rejected');
SELECT is(decide(mine(), 'undo'), 'in_review', 'by mistake');
SELECT is(retract(), 'retracted', 'it goes');
SELECT results_eq($$ SELECT state FROM put(2, 'c') $$, $$ VALUES ('in_review') $$, 'and comes: the undo forgot the rejection');
SELECT is((SELECT count(*) FROM pair_rejection), 1::bigint, 'one rejection stands');

-- A person who was merged into another: what was rejected of the one is not asked of the other.
SELECT lives_ok($$ SELECT * FROM put(4, 'd') $$, 'evidence d of another');
SELECT is(decide((SELECT pair_id FROM pair WHERE risk_person = 4), 'reject'), 'rejected', 'is rejected');
SELECT lives_ok($$ SELECT e.* FROM pair p, pair_event(p.pair_id, p.version, 'retract', 'engine', '{}') e
                   WHERE p.risk_person = 4 $$, 'it goes');
UPDATE person SET alias_of = 5 WHERE person_id = 4;
UPDATE person SET alias_of = 6 WHERE person_id = 5;
SELECT results_eq($$ SELECT state FROM put(6, 'd') $$, $$ VALUES ('retracted') $$, 'the one who took the records is not asked about');
SELECT results_eq($$ SELECT state FROM put(6, 'e') $$, $$ VALUES ('in_review') $$, 'but about new evidence');
SELECT is((SELECT count(*) FROM review_task t JOIN pair USING (pair_id) WHERE risk_person = 6 AND t.state = 'open'), 1::bigint, 'once');

SELECT * FROM finish();
ROLLBACK;
