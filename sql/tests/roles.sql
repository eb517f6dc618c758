BEGIN;
\ir fixture.psql
SELECT plan(8);

-- The life of one pair, each step by the role whose step it is, with that role's rights alone.
SELECT lives_ok($$ SELECT as_role('hulei_engine', $q$ SELECT * FROM hulei.pair_put(1, 2, 2::smallint, 'O1', '{NEAR_200M}',
    '{"areas": ["500111004203"]}', substr(sha256('a'), 1, 16), 'test.1', now()) $q$) $$, 'the engine puts a pair');
SELECT lives_ok(format('SELECT as_role(%L, %L)', 'hulei_console', format(
    'SELECT * FROM hulei.pair_event(%s, 1, ''accept'', ''reviewer-1'', ''{"account_id": %s, "task_id": %s}'')',
    (SELECT pair_id FROM pair), account_of('reviewer-1'), (SELECT task_id FROM review_task))), 'the console accepts it');
UPDATE outbox SET not_before = now();
SELECT lives_ok($$ SELECT as_role('hulei_courier', 'UPDATE hulei.outbox SET attempts = 1 WHERE state = ''queued''') $$,
                'the courier takes the messages');
SELECT lives_ok($$ SELECT as_role('hulei_courier',
    'UPDATE hulei.outbox SET state = ''sent'', sent_at = now() WHERE state = ''queued''') $$, 'reports them');
SELECT lives_ok($$ SELECT as_role('hulei_courier',
    'UPDATE hulei.delivery SET state = ''sent'', sent_at = now() WHERE state = ''queued''') $$, 'and their deliveries');
SELECT lives_ok($$ SELECT as_role('hulei_engine', $q$ SELECT e.version FROM hulei.pair p CROSS JOIN LATERAL
    hulei.pair_event(p.pair_id, p.version, 'retract', 'engine', '{}') e $q$) $$, 'the engine retracts it');
SELECT results_eq($$ SELECT lane, action FROM audit_entry WHERE lane <> 'admin' ORDER BY at $$,
                  $$ VALUES ('console', 'pair_accept'), ('engine', 'pair_retract') $$, 'each in its own lane');
SELECT is((SELECT count(*) FROM outbox WHERE state = 'queued'), 2::bigint, 'two cancels wait');

SELECT * FROM finish();
ROLLBACK;
