BEGIN;
\ir fixture.psql
SELECT plan(12);

CREATE TEMP TABLE mine AS SELECT pair_id FROM put(2, 'a');
CREATE FUNCTION public.task() RETURNS bigint LANGUAGE sql AS
    $$ SELECT task_id FROM hulei.review_task ORDER BY task_id LIMIT 1 $$;

SELECT results_eq($$ SELECT side, record_id, card, data_key_id FROM review_sheet(task(), account_of('reviewer-1')) $$,
                  $$ VALUES ('child', 101::bigint, '\x01aa'::bytea, 1::bigint), ('risk', 102, '\x01bb', 2) $$,
                  'both persons of the task, nobody else');
SELECT results_eq($$ SELECT lane, actor, action FROM audit_entry WHERE lane <> 'admin' $$, $$ VALUES ('console', 'reviewer-1', 'review_look') $$,
                  'and no look goes unrecorded');
SELECT is_empty($$ SELECT * FROM audit_entry WHERE detail ?| ARRAY['person', 'record'] $$, 'without person or record ids');
SELECT throws_ok($$ SELECT * FROM review_sheet(task(), account_of('locked')) $$, 'HL003', NULL, 'not for a locked account');
SELECT throws_ok($$ SELECT * FROM review_sheet(task(), account_of('officer')) $$, 'HL003', NULL, 'not for other accounts');
SELECT lives_ok(format('SELECT as_role(%L, %L)', 'hulei_console',
                       format('SELECT * FROM hulei.review_sheet(%s, %s)', task(), account_of('reviewer-1'))),
                'the console may');
SELECT throws_ok(format('SELECT as_role(%L, %L)', 'hulei_console',
                        format('SELECT * FROM hulei.review_sheet(%s, %s)', task(), account_of('reviewer-2'))),
                 'HL003', NULL, 'but only for whose session it is');
SELECT throws_ok($$ SELECT as_role('hulei_engine', 'SELECT * FROM hulei.review_sheet(1, 1)') $$, '42501', NULL,
                 'the engine has no need to');
SELECT throws_ok($$ SELECT as_role('hulei_console', 'SELECT body FROM hulei.record') $$, '42501', NULL,
                 'the console reads no record but so');
SELECT is(decide((SELECT pair_id FROM mine), 'reject'), 'rejected', 'once decided');
SELECT throws_ok($$ SELECT * FROM review_sheet(task(), account_of('reviewer-1')) $$, 'HL002', NULL, 'the sheet is closed');
SELECT throws_ok($$ SELECT * FROM review_sheet(999999, account_of('reviewer-1')) $$, 'HL002', NULL, 'nor is there another');

SELECT * FROM finish();
ROLLBACK;
