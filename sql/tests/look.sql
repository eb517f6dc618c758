BEGIN;
\ir fixture.psql
SELECT no_plan();

INSERT INTO account (name, roles, areas, posts) VALUES
    ('near', '{reviewer}', '{500111004}', '{}'), ('far', '{reviewer}', '{500111005}', '{}'),
    ('other', '{reviewer}', '{}', '{}'), ('constable', '{post_officer}', '{}', '{station}'), ('chief', '{post_lead}', '{}', '{bureau}'),
    ('kindred', '{post_officer}', '{}', '{civil}'), ('jurist', '{post_officer}', '{}', '{justice}'),
    ('clerk', '{operator}', '{}', '{}');
\ir sessions.psql

SELECT put(2, 'a');
CREATE FUNCTION public.ticket() RETURNS text LANGUAGE sql AS $$ SELECT public_id FROM hulei.review_task WHERE kind = 'pair' LIMIT 1 $$;
CREATE FUNCTION public.alert() RETURNS text LANGUAGE sql AS $$ SELECT alert_id FROM hulei.alert ORDER BY created_at LIMIT 1 $$;
-- What a look says: its verdict, or the refusal.
CREATE FUNCTION public.looks(who text, side text, task text DEFAULT NULL, alert text DEFAULT NULL, post text DEFAULT NULL,
                             purpose text DEFAULT 'visit') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN public.as_person(who, format('SELECT verdict FROM hulei.look(%L, %L, %L, %L, %L, %L)', task, alert, post, side,
                                        purpose, '\x00112233445566778899aabbccddeeff'));
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;
CREATE FUNCTION public.values_of(who text) RETURNS bigint LANGUAGE sql AS
    $$ SELECT public.as_person(who, 'SELECT count(*) FROM hulei.look_records()')::bigint $$;

-- ---- ground ----

SELECT is(looks('near', 'risk', ticket()), 'shown', 'an open task is a ground');
SELECT is(looks('far', 'risk', ticket()), 'HL021', 'not a task of another area');
SELECT is(looks('constable', 'risk', ticket()), 'HL021', 'nor for who has no review areas');
SELECT is(looks('near', 'risk', 'rt-0000000000000000'), 'HL021', 'nor one that is not there');
SELECT is(looks('nobody', 'risk', ticket()), 'HL021', 'nor without a session');
SELECT results_eq($$ SELECT action, purpose, length(subject), detail->>'side', detail->>'task' = ticket() FROM audit_entry WHERE action = 'look' $$,
                  $$ VALUES ('look', 'visit', 16, 'risk', true) $$, 'each look is an entry with purpose and pseudonym, refusals are none');
SELECT is((SELECT count(*) FROM person_look), 1::bigint, 'and counts');
SELECT is(looks('near', 'risk', ticket(), purpose => NULL), '23502', 'no look without a purpose');

-- ---- the values ----

SELECT is(values_of('near'), 1::bigint, 'in the transaction of the look the records of that person are there');
UPDATE person_look SET xact = '1';
SELECT is(values_of('near'), 0::bigint, 'and in no other');
SELECT throws_ok(format('SELECT as_role(''hulei_console'', %L)', 'SELECT ' || what), '42501', NULL, 'the console''s role does not read: ' || what)
FROM unnest(ARRAY['body FROM hulei.record', 'features FROM hulei.mention', '"full" FROM hulei.card', 'masked FROM hulei.card',
                  'buckets FROM hulei.card', 'wrapped FROM hulei.data_key', '1 FROM hulei.person_look', '1 FROM hulei.person_search',
                  '1 FROM hulei.canary_record', '1 FROM hulei.look_request']) AS what;
SELECT is((SELECT count(*) FROM pg_class WHERE oid IN ('card'::regclass) AND relrowsecurity AND relforcerowsecurity), 1::bigint,
          'cards are forced under policies');

-- ---- a child: a second person ----

SELECT is(looks('near', 'child', ticket()), 'asked', 'a child by one who does not keep its file: a second person');
SELECT is(looks('near', 'child', ticket()), 'asked', 'asked once');
SELECT is((SELECT count(*) FROM look_request), 1::bigint, 'a repeat asks nobody again');
CREATE FUNCTION public.decides(who text, verdict text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN public.as_person(who, format('SELECT hulei.look_decide(%L, %L)->>''state''',
                                        (SELECT public_id FROM hulei.look_request ORDER BY look_request_id DESC LIMIT 1), verdict));
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;
SELECT is(decides('near', 'approve'), 'HL013', 'not the one who asked');
SELECT is(decides('clerk', 'approve'), 'HL003', 'nor one without the role');
SELECT is(decides('far', 'approve'), 'HL021', 'nor one who may not see the task');
SELECT is(decides('nobody', 'approve'), 'HL003', 'nor without a session');
SELECT is(decides('other', 'approve'), 'approved', 'another reviewer of the area agrees');
SELECT is(decides('other', 'refuse'), 'HL026', 'once');
SELECT is(looks('near', 'child', ticket(), purpose => 'complaint'), 'asked', 'agreed for one purpose, not for another');
SELECT is(looks('other', 'child', ticket()), 'asked', 'nor for another person');
SELECT is(looks('near', 'child', ticket()), 'shown', 'the one who asked is shown it');
SELECT is(looks('near', 'child', ticket()), 'asked', 'once for each agreement');
UPDATE look_request SET asked_at = asked_at - interval '25 hours';
SELECT is(decides('other', 'approve'), 'HL026', 'a request is forgotten after a day');

-- ---- an alert ----

SELECT decide((SELECT pair_id FROM pair WHERE risk_person = 2), 'accept');
SELECT is(looks('near', 'risk', ticket()), 'HL024', 'a decided task is no ground any more');
SELECT is(looks('constable', 'risk', NULL, alert(), 'station'), 'HL024', 'nor an alert that was not sent');
SELECT send_all();
SELECT is(looks('constable', 'risk', NULL, alert(), 'station'), 'shown', 'an open alert is one');
SELECT is(looks('constable', 'child', NULL, alert(), 'station'), 'asked', 'a child again by a second person');
SELECT is(decides('chief', 'approve'), 'approved', 'the lead of the post agrees');
SELECT is(looks('constable', 'risk', NULL, alert(), 'station-far'), 'HL021', 'of no other post');
SELECT is(looks('jurist', 'child', NULL, alert(), 'justice'), 'HL003', 'the judicial post is told no child');
SELECT is(looks('jurist', 'risk', NULL, alert(), 'justice'), 'shown', 'but whom it keeps itself');

-- ---- quota ----

DELETE FROM person_look;
INSERT INTO person_look (actor, person_id, side, rule, purpose, xact) SELECT 'constable', 2, 'risk', 'unmask', 'visit', '1' FROM generate_series(1, 29);
SELECT is(looks('constable', 'risk', NULL, alert(), 'station'), 'shown', 'the thirtieth look of a day');
SELECT is(looks('constable', 'risk', NULL, alert(), 'station'), 'quota', 'is the last');
SELECT is(looks('constable', 'risk', NULL, alert(), 'station'), 'quota', 'and stays it');
SELECT is((SELECT count(*) FROM person_look WHERE actor = 'constable'), 30::bigint, 'what is refused does not count');
SELECT is((SELECT count(*) FROM watch_alarm WHERE rule = 'quota' AND actor = 'constable'), 1::bigint, 'the officer is told once');
UPDATE person_look SET at = at - interval '1 day';
SELECT is(looks('constable', 'risk', NULL, alert(), 'station'), 'shown', 'the next day has its own');
SELECT is(as_person('constable', 'SELECT hulei.look_mine()->>''used'''), '1', 'as its owner is told');

-- ---- watch rules ----

SELECT is((SELECT count(*) FROM watch_alarm WHERE rule = 'canary'), 0::bigint, 'no canary, no alarm');
SELECT is(canary_put('urn:hulei:test:risk', 5::smallint, 'R-1'), 1::bigint, 'a canary is planted');
SELECT is(canary_put('urn:hulei:test:risk', 5::smallint, 'R-1'), 1::bigint, 'twice is once');
SELECT is(canary_put('urn:hulei:test:risk', 5::smallint, 'R-9'), 0::bigint, 'not where no record is');
SELECT is(looks('constable', 'risk', NULL, alert(), 'station'), 'shown', 'whoever looks is shown it');
SELECT is((SELECT actor FROM watch_alarm WHERE rule = 'canary'), 'constable', 'and reported');

SELECT * FROM finish();
ROLLBACK;
