BEGIN;
\ir fixture.psql
SELECT plan(40);

UPDATE person SET grade = 'probable' WHERE person_id IN (1, 2);
-- A second record of the person of concern.
INSERT INTO mention (mention_id, record_id, slot, role, person_id, canonical, features)
VALUES (1649, 103, 1, 1, 2, substr(sha256('4'), 1, 8), '\x01');
CREATE TEMP TABLE mine AS SELECT pair_id FROM put(2, 'a');
CREATE FUNCTION public.task() RETURNS bigint LANGUAGE sql AS
    $$ SELECT task_id FROM hulei.review_task WHERE kind = 'pair' ORDER BY task_id LIMIT 1 $$;
CREATE FUNCTION public.ask() RETURNS bigint LANGUAGE sql AS
    $$ SELECT max(task_id) FROM hulei.review_task WHERE kind = 'identity' $$;
CREATE FUNCTION public.answer(task bigint, side text, verdict text, apart bigint[] DEFAULT NULL,
                              seen text DEFAULT NULL, who text DEFAULT 'reviewer-1')
    RETURNS text LANGUAGE sql AS $$
    SELECT format('%s %s %s', d.side, d.records, d.edges)
    FROM hulei.identity_decide(task, public.account_of(who), side, verdict, 'IDENTITY_DOCUMENT', apart, seen) AS d
$$;

-- Who may, and about what.
SELECT throws_ok($$ SELECT answer(task(), 'child', 'same', who => 'locked') $$, 'HL003', NULL, 'not a locked account');
SELECT throws_ok($$ SELECT answer(task(), 'child', 'same', who => 'officer') $$, 'HL003', NULL, 'not another account');
SELECT throws_ok($$ SELECT as_role('hulei_engine',
    'SELECT * FROM hulei.identity_decide(1, 1, ''child'', ''same'', ''X'', NULL, NULL)') $$, '42501', NULL, 'not the engine');
SELECT throws_ok($$ SELECT as_role('hulei_console', 'INSERT INTO hulei.identity_decision (mention_a) VALUES (1)') $$,
                 '42501', NULL, 'the console writes no edge but so');
SELECT lives_ok(format('SELECT as_role(%L, %L)', 'hulei_console', format(
    'SELECT * FROM hulei.identity_decide(%s, %s, ''child'', ''unsure'', ''X'', NULL, NULL)', task(),
    account_of('reviewer-1'))), 'the console may ask');
DELETE FROM identity_review;
SELECT throws_ok($$ SELECT answer(999999, 'child', 'same') $$, 'HL002', NULL, 'no such task');
SELECT throws_ok($$ SELECT answer(task(), NULL, 'same') $$, 'HL010', NULL, 'two probable persons: which one');
SELECT throws_ok($$ SELECT answer(task(), 'child', 'same', seen => 'other') $$, 'HL001', NULL,
                 'other records than those seen');
SELECT throws_ok($$ SELECT answer(task(), 'child', 'different') $$, 'HL011', NULL, 'one record is not split');
SELECT throws_ok($$ SELECT answer(task(), 'risk', 'different', '{1616}') $$, 'HL011', NULL, 'nor by a foreign record');
SELECT throws_ok($$ SELECT answer(task(), 'risk', 'different', '{1632,1649}') $$, 'HL011', NULL, 'nor all from none');
SELECT is((SELECT count(*) FROM identity_decision) + (SELECT count(*) FROM identity_review), 0::bigint,
          'refusals leave nothing');

-- One record: a human knows whom it means.
SELECT is(answer(task(), 'child', 'same'), 'child 1 1', 'one record is confirmed');
SELECT results_eq($$ SELECT mention_a, mention_b, verdict FROM identity_decision $$, $$ VALUES (1616::bigint, 1616::bigint, 'same') $$,
                  'by an edge to itself');
SELECT throws_ok($$ INSERT INTO identity_decision (mention_a, mention_b, verdict, account_id)
                    VALUES (1616, 1616, 'different', 1) $$, '23514', NULL, 'a record never differs from itself');

-- Several: all edges.
SELECT is(answer(task(), 'risk', 'same',
                 seen => (SELECT seen FROM review_sheet(task(), account_of('reviewer-1')) WHERE side = 'risk' LIMIT 1)),
          'risk 2 3', 'the whole person, as it was seen');
SELECT is((SELECT count(*) FROM identity_decision d JOIN identity_review r USING (review_id) WHERE r.side = 'risk'),
          3::bigint, 'each with each');
SELECT is((SELECT state FROM review_task WHERE task_id = task()), 'open', 'the pair still waits for its decision');
SELECT results_eq($$ SELECT kind, payload->>'verdict', created_by FROM command ORDER BY command_id DESC LIMIT 1 $$,
                  $$ VALUES ('identity_decided', 'same', 'reviewer-1') $$, 'the engine is told');
SELECT results_eq($$ SELECT lane, actor, action, detail - 'task' FROM audit_entry WHERE action LIKE 'identity%'
                     ORDER BY seq DESC LIMIT 1 $$,
                  $$ VALUES ('console', 'reviewer-1', 'identity_same',
                     '{"side": "risk", "reason": "IDENTITY_DOCUMENT", "records": 2, "edges": 3}'::jsonb) $$,
                  'the audit chain knows');
SELECT is_empty($$ SELECT * FROM audit_entry WHERE detail ?| ARRAY['person', 'mentions', 'record'] $$,
                'without person or record ids');

-- Different: across. Taken back: the last word of the task.
SELECT is(answer(task(), 'risk', 'different'), 'risk 2 1', 'two records need no list');
SELECT results_eq($$ SELECT mention_a, mention_b, verdict FROM identity_decision ORDER BY decision_id DESC LIMIT 1 $$,
                  $$ VALUES (1649::bigint, 1632::bigint, 'different') $$, 'the younger one is apart');
SELECT is(answer(task(), 'risk', 'unsure'), 'risk 2 4', 'unsure takes back every edge of this side');
SELECT is((SELECT verdict FROM identity_decision ORDER BY decision_id DESC LIMIT 1), 'unsure', 'as a decision of its own');
UPDATE person SET grade = 'strong' WHERE person_id = 1;
SELECT is(answer(task(), NULL, 'same'), 'risk 2 3', 'the only probable side needs no word');
SELECT is(decide((SELECT pair_id FROM mine), 'accept'), 'accepted', 'the pair is decided');
SELECT throws_ok($$ SELECT answer(task(), 'risk', 'different') $$, 'HL002', NULL, 'its sheet is closed');
SELECT is(answer(task(), 'risk', 'unsure'), 'risk 2 4', 'but an answer can still be taken back');

-- Frozen clusters.
CREATE FUNCTION public.freeze(first bigint, second bigint) RETURNS void LANGUAGE sql AS
    $$ INSERT INTO hulei.person_event (person_id, kind, other_person, at) VALUES (first, 'frozen', second, now()) $$;
SELECT lives_ok($$ SELECT freeze(2, 3) $$, 'evidence and a veto');
SELECT results_eq($$ SELECT kind, state, tier, detail->'mentions' FROM review_task WHERE task_id = ask() $$,
                  $$ VALUES ('identity', 'open', NULL::smallint, '[1632, 1648, 1649]'::jsonb) $$,
                  'open a task with the proposed person');
SELECT freeze(3, 2);
SELECT is((SELECT count(*) FROM review_task WHERE kind = 'identity'), 1::bigint, 'once');
SELECT set_eq($$ SELECT side, mention_id FROM review_sheet(ask(), account_of('reviewer-1')) $$,
              $$ VALUES ('first', 1632::bigint), ('first', 1649), ('second', 1648) $$, 'its sheet shows both');
SELECT is(answer(ask(), NULL, 'different'), 'both 3 2', 'kept apart');
SELECT freeze(2, 3);
SELECT is((SELECT count(*) FROM review_task WHERE kind = 'identity' AND state = 'open'), 0::bigint, 'and not asked again');
SELECT is(answer(ask(), NULL, 'unsure'), 'both 3 2', 'taken back');
SELECT freeze(2, 3);
SELECT is((SELECT count(*) FROM review_task WHERE kind = 'identity' AND state = 'open'), 0::bigint,
          'the same records never ask twice');
UPDATE mention SET person_id = 4 WHERE mention_id = 1649;
SELECT freeze(2, 3);
SELECT is((SELECT state FROM review_task WHERE task_id = ask()), 'open', 'other records do');
UPDATE mention SET person_id = 2 WHERE mention_id = 1648;
INSERT INTO person_event (person_id, kind, other_person, at) VALUES (2, 'merged', 3, now());
SELECT is((SELECT state FROM review_task WHERE task_id = ask()), 'cancelled', 'what became one is not asked');
SELECT throws_ok($$ SELECT answer(ask(), NULL, 'same') $$, 'HL002', NULL, 'nor answered');

SELECT * FROM finish();
ROLLBACK;
