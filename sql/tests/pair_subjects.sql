BEGIN;
\ir fixture.psql
SELECT plan(28);

-- Pairs that name no child, and pairs that are only counted.
CREATE FUNCTION public.put_of(subject text, id bigint, risk bigint, rule text, evidence text DEFAULT 'a',
                              tier int DEFAULT 3)
    RETURNS TABLE (pair_id bigint, version int, state text, changed boolean) LANGUAGE sql AS $$
    SELECT * FROM hulei.pair_put(id, risk, tier::smallint, rule, '{STAFF}',
                                 jsonb_build_object('areas', jsonb_build_array('500111004203'), 'name', evidence),
                                 public.hash_of(evidence || rule), 'test.1', '2026-03-01 00:00:00+00', subject)
$$;
CREATE FUNCTION public.state_of(subj text, id bigint, risk bigint) RETURNS text LANGUAGE sql AS
    $$ SELECT state FROM hulei.pair WHERE subject = subj AND subject_id = id AND risk_person = risk $$;

SELECT results_eq($$ SELECT state, changed FROM put_of('unit', 77, 2, 'R3') $$, $$ VALUES ('in_review', true) $$,
                  'a unit and a person of concern');
SELECT results_eq($$ SELECT child_person, unit_key, subject_id FROM pair $$,
                  $$ VALUES (NULL::bigint, 77::bigint, 77::bigint) $$,
                  'names no child');
SELECT results_eq($$ SELECT changed FROM put_of('unit', 77, 2, 'R3') $$, ARRAY[false], 'twice is once');
SELECT results_eq($$ SELECT changed FROM put_of('unit', 78, 2, 'R3') $$, ARRAY[true], 'another unit is another pair');
SELECT results_eq($$ SELECT state, changed FROM put_of('person', 0, 2, 'O5') $$, $$ VALUES ('in_review', true) $$,
                  'the person of concern alone');
SELECT results_eq($$ SELECT state, changed FROM put_of('group', 0, 2, 'Y3') $$, $$ VALUES ('in_review', true) $$,
                  'the children around the person');
SELECT is((SELECT count(*) FROM pair), 4::bigint, 'each stands by itself');
SELECT throws_ok($$ INSERT INTO pair (subject, risk_person, state, tier, rule, reasons, evidence, evidence_hash,
                                      policy_version, completed_at)
                    VALUES ('child', 2, 'candidate', 2, 'O1', '{}', '{}', hash_of('x'), 'v', now()) $$, '23514', NULL,
                 'a pair of a child names the child');
SELECT throws_ok($$ INSERT INTO pair (subject, unit_key, child_person, risk_person, state, tier, rule, reasons, evidence,
                                      evidence_hash, policy_version, completed_at)
                    VALUES ('unit', 5, 1, 2, 'candidate', 2, 'R3', '{}', '{}', hash_of('x'), 'v', now()) $$, '23514', NULL,
                 'a pair of a unit names no child');
SELECT lives_ok($$ SELECT as_role('hulei_console', format('SELECT * FROM hulei.review_sheet(%s, %s)',
                      (SELECT task_id FROM review_task ORDER BY task_id LIMIT 1), account_of('reviewer-1'))) $$,
                'a reviewer opens its sheet');

-- Decisions and what follows.
SELECT is(decide((SELECT pair_id FROM pair WHERE unit_key = 77), 'accept'), 'accepted', 'accepted');
SELECT set_eq($$ SELECT d.post_id FROM delivery d $$, ARRAY['station', 'justice'], 'police and judicial post hear it');
SELECT send_all();
SELECT is(decide((SELECT pair_id FROM pair WHERE subject = 'group'), 'reject'), 'rejected', 'rejected');
SELECT results_eq($$ SELECT changed FROM put_of('group', 0, 2, 'Y3') $$, ARRAY[false], 'the same evidence asks nobody');
SELECT results_eq($$ SELECT changed FROM put_of('group', 0, 3, 'Y3') $$, ARRAY[true], 'of another person it does');
SELECT ok(pair_move(77, 2, 77, 4, 'unit'), 'its holder is found to be another person: the pair moves');
SELECT results_eq($$ SELECT unit_key, child_person, risk_person, state FROM pair WHERE unit_key = 77 $$,
                  $$ VALUES (77::bigint, NULL::bigint, 4::bigint, 'accepted') $$, 'as decided');
SELECT ok(pair_move(0, 2, 0, 5, 'group'), 'a rejected one moves');
SELECT results_eq($$ SELECT changed FROM put_of('group', 0, 5, 'Y3') $$, ARRAY[false], 'and its rejection with it');
SELECT is(decide((SELECT pair_id FROM pair WHERE subject = 'group' AND risk_person = 5), 'undo'), 'in_review',
          'an undo forgets it');

-- B1 is a pair like others once it is put at all.
SELECT results_eq($$ SELECT state, changed FROM put_of('child', 1, 6, 'B1', tier => 4) $$,
                  $$ VALUES ('in_review', true) $$, 'a counted pair that a human opened');

-- A move is news once.
SELECT is(decide((SELECT pair_id FROM put_of('child', 1, 3, 'O2', tier => 2)), 'accept'), 'accepted', 'newly moved, accepted');
SELECT results_eq($$ SELECT state FROM pair_put(1, 3, 3::smallint, 'Y1', '{NEAR}', '{}', hash_of('far'), 'v', now()) $$,
                  ARRAY['in_review'], 'another place is another question');
SELECT is(decide((SELECT pair_id FROM put_of('child', 1, 3, 'O2', tier => 2)), 'accept'), 'accepted', 'again');
SELECT results_eq($$ SELECT state, changed FROM pair_put(1, 3, 3::smallint, 'Y1', '{NEAR}', '{}',
                         '\x0000000000000000' || substr(hash_of('aO2'), 9), 'v', now()) $$,
                  $$ VALUES ('accepted', false) $$, 'the same ground, news no more: nobody is asked');
SELECT results_eq($$ SELECT tier, rule FROM pair WHERE child_person = 1 AND risk_person = 3 $$,
                  $$ VALUES (3::smallint, 'Y1') $$, 'but the pair is what it is now');

-- Somebody whom no address places: the posts of the area of the department that feeds the record.
UPDATE source SET urn = 'urn:hulei:500111004:judicial:register' WHERE source_id = 2;
SELECT lives_ok($$ SELECT * FROM pair_put(0, 5, 2::smallint, 'O5', '{UNLOCATABLE}', '{"areas": [], "concern_record": 102}',
                                          hash_of('nowhere'), 'v', now(), 'person') $$, 'a person without any address');
SELECT is((SELECT evidence->'areas' FROM pair WHERE rule = 'O5' AND risk_person = 5), '["500111004000"]',
          'is asked for where the record comes from');

SELECT * FROM finish();
ROLLBACK;
