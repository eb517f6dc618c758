BEGIN;
\ir fixture.psql
SELECT plan(3);

SELECT lives_ok($$ SELECT as_role('hulei_engine', 'INSERT INTO hulei.features_state (version) VALUES (''1'')') $$,
                'the engine notes its version');
SELECT throws_ok($$ INSERT INTO features_state (is_only, version) VALUES (false, '2') $$, '23514', NULL,
                 'there is one version at a time');
SELECT throws_ok($$ SELECT as_role('hulei_console', 'SELECT version FROM hulei.features_state') $$, '42501', NULL,
                 'nobody else needs it');

SELECT * FROM finish();
ROLLBACK;
