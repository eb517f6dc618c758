BEGIN;
\ir fixture.psql
SELECT plan(33);

UPDATE account SET roles = '{reviewer}' WHERE name = 'reviewer-2';
INSERT INTO account (name, roles, areas, posts, department) VALUES
    ('near', '{reviewer}', '{500111004}', '{}', NULL), ('far', '{reviewer}', '{500111005}', '{}', NULL),
    ('second', '{second_reviewer}', '{}', '{}', NULL), ('chief', '{post_lead}', '{}', '{bureau}', NULL),
    ('constable', '{post_officer}', '{}', '{station}', NULL), ('clerk', '{operator}', '{}', '{}', 'judicial'),
    ('watcher', '{operator}', '{}', '{}', NULL), ('controller', '{auditor}', '{}', '{}', NULL),
    ('boss', '{administrator}', '{}', '{}', NULL);
\ir sessions.psql
CREATE FUNCTION public.seen(who text, relation text) RETURNS bigint LANGUAGE sql AS
    $$ SELECT as_person(who, 'SELECT count(*) FROM hulei.' || relation)::bigint $$;
SELECT put(2, 'a'), put(3, 'b', '500111005001', 1);
SELECT decide((SELECT pair_id FROM pair WHERE risk_person = 3), 'accept');
UPDATE setting SET value = '900' WHERE name = 'session_idle_s';
CREATE FUNCTION public.task_of(risk bigint, of_kind text DEFAULT 'pair') RETURNS text LANGUAGE sql AS
    $$ SELECT t.public_id FROM hulei.review_task t JOIN hulei.pair p USING (pair_id)
       WHERE p.risk_person = risk AND t.kind = of_kind ORDER BY t.task_id DESC LIMIT 1 $$;

-- ---- rows by person: what the role matrix asks of the database ----
CREATE TEMP TABLE matrix (who text, pairs bigint, tasks bigint, decisions bigint, deliveries bigint, alerts bigint, sources bigint,
                          parked bigint, entries boolean);
INSERT INTO matrix VALUES
    ('reviewer-1', 2, 3, 1, 0, 0, 0, 0, false), ('near', 1, 1, 0, 0, 0, 0, 0, false), ('far', 1, 2, 1, 0, 0, 0, 0, false),
    ('second', 2, 3, 1, 0, 0, 0, 0, false), ('constable', 0, 0, 0, 0, 0, 0, 0, false),
    ('chief', 0, 0, 0, 1, 1, 0, 0, false), ('clerk', 0, 0, 0, 0, 0, 1, 1, false), ('watcher', 0, 0, 0, 0, 0, 2, 2, false),
    ('controller', 0, 0, 0, 0, 0, 0, 0, true), ('boss', 0, 0, 0, 0, 0, 0, 0, false), ('nobody', 0, 0, 0, 0, 0, 0, 0, false);
INSERT INTO parked (topic, part, off, source_id, code, stage, first_seen, attempts, state)
VALUES ('hulei.feed.judicial.register', 0, 1, 2, 'x', 'decode', now(), 1, 'parked'),
       ('hulei.feed.civil-affairs.children', 0, 1, 1, 'x', 'decode', now(), 1, 'parked');
SELECT results_eq(
    format('SELECT %L::text, seen(%1$L, ''pair''), seen(%1$L, ''review_task''), seen(%1$L, ''decision''), seen(%1$L, ''delivery''),
                   seen(%1$L, ''alert''), seen(%1$L, ''source''), seen(%1$L, ''parked''), seen(%1$L, ''audit_entry'') > 0', who),
    format('SELECT * FROM matrix WHERE who = %L', who), 'rows of ' || who) FROM matrix;
SELECT is(seen('chief', 'delivery'), seen('chief', 'delivery d WHERE d.post_id IN (''station-far'')'),
          'a lead sees the posts below');
SELECT throws_ok($$ SELECT seen('clerk', 'record') $$, '42501', NULL, 'records nobody sees so');

-- ---- the queue ----
SELECT is(as_person('reviewer-1', $$ SELECT jsonb_array_length(desk_list('open', NULL, NULL, NULL, NULL, 100)->'items') $$), '2',
          'open tasks');
SELECT is(as_person('reviewer-1', format($$ SELECT desk_list('open', NULL, NULL, NULL, desk_list('open', NULL, NULL, NULL, NULL, 1)->>'next', 1)->'items'->0->>'task' = %L $$, task_of(2))),
          'true', 'the next page goes on where the first one ended');
SELECT is(as_person('reviewer-1', $$ SELECT desk_list('open', NULL, NULL, NULL, NULL, 2)->>'next' $$), NULL, 'the last page has no next');
SELECT throws_ok($$ SELECT as_person('reviewer-1', $q$ SELECT desk_list('open', NULL, NULL, NULL, 'x', 1) $q$) $$, 'HL031', NULL,
                 'a cursor is not made up');
SELECT is(as_person('near', $$ SELECT desk_counts()->'items'->0->>'open' $$), '1', 'counts are of the own areas');

-- ---- claims, sheets, decisions ----
SELECT throws_ok($$ SELECT as_person('far', format('SELECT desk_claim(%L)', task_of(2))) $$, 'HL021', NULL, 'not a task of elsewhere');
SELECT throws_ok($$ SELECT as_person('near', format('SELECT desk_authority(%L)', task_of(2))) $$, 'HL022', NULL, 'no sheet unclaimed');
SELECT is(as_person('near', $$ SELECT desk_counts()->'items'->0->>'unclaimed' $$), '1', 'nobody took it');
SELECT is(as_person('near', format('SELECT desk_claim(%L)->>''mine''', task_of(2))), 'true', 'claimed');
SELECT is(as_person('near', $$ SELECT desk_counts()->'items'->0->>'unclaimed' $$), '0', 'somebody took it');
SELECT lives_ok($$ SELECT as_person('near', format('SELECT desk_authority(%L)', task_of(2))) $$, 'now it may be seen');
SELECT is(as_person('reviewer-1', format('SELECT desk_claim(%L)->>''claimed_by''', task_of(2))), 'reviewer-1', 'a colleague takes it over');
SELECT throws_ok($$ SELECT as_person('near', format('SELECT desk_authority(%L)', task_of(2))) $$, 'HL022', NULL, 'and the sheet with it');
SELECT throws_ok($$ SELECT as_person('reviewer-1', format('SELECT desk_decide(%L, ''accept'', ''REJECT_NOT_NEAR'', 1)', task_of(2))) $$,
                 'HL030', NULL, 'a reason of another verdict');
SELECT throws_ok($$ SELECT as_person('reviewer-1', format('SELECT desk_decide(%L, ''accept'', ''ACCEPT_CONFIRMED'', 9)', task_of(2))) $$,
                 'HL001', NULL, 'a version nobody looked at');
SELECT throws_ok($$ SELECT as_person('far', format('SELECT desk_decide(%L, ''accept'', ''ACCEPT_CONFIRMED'', 1)', task_of(2))) $$,
                 'HL021', NULL, 'a task of elsewhere is not there');
SELECT is(as_person('near', format('SELECT desk_decide(%L, ''accept'', ''ACCEPT_CONFIRMED'', 1)->>''state''', task_of(2))), 'accepted',
          'whoever looked at this version decides, claimed or not');
SELECT is(as_person('near', format('SELECT desk_decide(%L, ''undo'', ''UNDO_MISTAKE'', 2)->>''state''', task_of(2))), 'in_review', 'and takes it back');
SELECT throws_ok($$ SELECT as_person('reviewer-1', format('SELECT desk_decide(%L, ''sign'', ''SIGN_CONFIRMED'', 2)', task_of(3, 'sign'))) $$,
                 'HL013', NULL, 'who accepted red does not sign it');
SELECT is(as_person('second', format('SELECT desk_decide(%L, ''sign'', ''SIGN_CONFIRMED'', 2)->>''state''', task_of(3, 'sign'))), 'accepted',
          'another one does');

SELECT * FROM finish();
ROLLBACK;
