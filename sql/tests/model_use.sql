BEGIN;
\ir fixture.psql
SELECT plan(6);

SELECT throws_ok($$ INSERT INTO identity_decision (mention_a, mention_b, verdict) VALUES (1632, 1648, 'same') $$, '23514',
                 NULL, 'a human decision names the human');
SELECT throws_ok($$ INSERT INTO identity_decision (mention_a, mention_b, verdict, account_id) VALUES (1632, 1648, 'kept', 1) $$,
                 '23514', NULL, 'a kept link is nobody''s decision');
SELECT is(identity_keep('{1616,1632}', '{1632,1648}'), 2::bigint, 'links are kept');
SELECT is(identity_keep('{1632,1616}', '{1616,1648}'), 1::bigint, 'once each, either way round');
INSERT INTO identity_decision (mention_a, mention_b, verdict, account_id) VALUES (1, 2, 'different', 1);
SELECT is(identity_keep('{2}', '{1}'), 0::bigint, 'never over a human''s word');
SELECT throws_ok($$ SELECT as_role('hulei_engine', 'INSERT INTO hulei.identity_decision (mention_a, mention_b, verdict) VALUES (1, 2, ''kept'')') $$,
                 '42501', NULL, 'the engine has no other door');

SELECT * FROM finish();
ROLLBACK;
