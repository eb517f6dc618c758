BEGIN;
\ir fixture.psql
SELECT plan(10);
SELECT * FROM put(2, 'ground', tier => 1);
SELECT decide(pair_id, 'accept') FROM pair;
CREATE TEMP TABLE said AS SELECT pair_explain(public_id, 'somebody') AS said FROM pair;

SELECT is(said->>'rule', 'O1', 'which rule') FROM said;
SELECT is(said->'reasons', '["NEAR_200M"]'::jsonb, 'which reasons') FROM said;
SELECT is(said->>'policy', 'test.1', 'which policy') FROM said;
SELECT is(said->'decisions'->0->>'by', 'reviewer-1', 'who decided') FROM said;
SELECT is(said->'waiting'->0->>'kind', 'sign', 'what it waits for') FROM said;
SELECT is(jsonb_array_length(said->'events'), 2, 'every step') FROM said;
SELECT ok(NOT said->'evidence' ? 'child_record', 'no number of a record in the evidence') FROM said;
SELECT is((SELECT count(*) FROM audit_entry WHERE action = 'pair_explain' AND actor = 'somebody'), 1::bigint, 'the look is on record');
SELECT is(pair_explain('pr-none', 'somebody'), NULL, 'a pair that is not there');
SELECT throws_ok($$ SELECT as_role('hulei_courier', 'SELECT hulei.pair_explain(''pr-1'', ''c'')') $$, '42501', NULL,
                 'the courier explains nothing');

SELECT * FROM finish();
ROLLBACK;
