BEGIN;
\ir fixture.psql
SELECT no_plan();

INSERT INTO account (name, roles, areas, posts) VALUES
    ('near', '{reviewer}', '{500111004}', '{}'), ('far', '{second_reviewer}', '{500111005}', '{}'),
    ('chief', '{post_lead}', '{}', '{bureau}'), ('teacher', '{post_lead}', '{}', '{school}'), ('idle', '{post_lead}', '{}', '{civil}'),
    ('constable', '{post_officer}', '{}', '{station}'), ('clerk', '{operator}', '{}', '{}');
INSERT INTO post (post_id, view, topic, ack_topic, active) VALUES ('school', 'education', 'hulei.alert.school', 'hulei.ack.school', true);
\ir sessions.psql

SELECT put(2, 'a'), put(3, 'b', '500111005001');
SELECT decide((SELECT pair_id FROM pair WHERE risk_person = 2), 'accept');
SELECT send_all();
INSERT INTO delivery SELECT (jsonb_populate_record(d, '{"post_id": "school"}')).* FROM delivery d WHERE post_id = 'station';
CREATE FUNCTION public.ticket(risk bigint) RETURNS text LANGUAGE sql AS
    $$ SELECT t.public_id FROM hulei.review_task t JOIN hulei.pair p USING (pair_id) WHERE p.risk_person = risk AND t.kind = 'pair' $$;
CREATE FUNCTION public.alert() RETURNS text LANGUAGE sql AS $$ SELECT alert_id FROM hulei.alert LIMIT 1 $$;

-- Who is found, as side:person:tasks:alerts.
CREATE FUNCTION public.finds(who text, buckets text, task text DEFAULT NULL, alert text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    found := public.as_person(who, 'SELECT hulei.search_ask(''number'', ''visit'')');
    found := public.as_person(who, format('SELECT string_agg(concat_ws('':'', coalesce(side, ''-''), person_id, cardinality(tasks),
        cardinality(alerts)), '' '' ORDER BY side, person_id) FROM hulei.search_rows(%L, %L, %L)', task, alert, buckets));
    UPDATE hulei.person_search SET xact = '1';
    RETURN found;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;

SELECT is(finds('near', '{2}'), 'risk:2:1:1', 'a person of the area, with task and alert');
SELECT is(finds('far', '{2}'), NULL, 'not of another area');
SELECT is(finds('near', '{1}'), 'child:1:1:1', 'a child, with the tasks of the own area only');
SELECT is(finds('far', '{1}'), 'child:1:1:0', 'the same child, seen from the other area');
SELECT is(finds('reviewer-1', '{1}'), 'child:1:2:1', 'and from everywhere');
SELECT is(finds('reviewer-1', '{7}'), 'child:1:2:1 risk:2:1:1', 'several persons share a bucket');
SELECT is(finds('reviewer-1', '{9}'), NULL, 'nobody');
SELECT is(finds('chief', '{2}'), 'risk:2:0:1', 'a lead finds whom the posts were alerted of');
SELECT is(finds('chief', '{3}'), NULL, 'and nobody else');
SELECT is(finds('teacher', '{2}'), NULL, 'a school''s lead never a person of concern, alerted or not');
SELECT is(finds('idle', '{1}'), NULL, 'a post without an alert nobody');
SELECT is(finds('constable', '{2}'), 'HL003', 'an officer does not search');
SELECT is(finds('clerk', '{2}'), 'HL003', 'nor an operator');
SELECT is(finds('nobody', '{2}'), 'HL003', 'nor who has no session');
SELECT is(finds('near', NULL, ticket(2)), 'child:1:1:1 risk:2:1:1', 'by task');
SELECT is(finds('near', NULL, ticket(3)), NULL, 'not by a task of another area');
SELECT is(finds('chief', NULL, NULL, alert()), 'child:1:0:1 risk:2:0:1', 'by alert');
SELECT is(finds('teacher', NULL, NULL, alert()), NULL, 'not whom the post is never told');
SELECT is(as_person('near', 'SELECT count(*) FROM hulei.search_rows(NULL, NULL, ''{2}'')'), '0', 'nothing without asking in the same transaction');

SELECT results_eq($$ SELECT DISTINCT action, purpose, detail::text FROM audit_entry WHERE action = 'search' $$,
                  $$ VALUES ('search', 'visit', '{"by": "number"}') $$, 'each search is an entry, and what was searched for stands nowhere');

-- ---- found ----

SELECT as_person('near', 'SELECT hulei.search_ask(''phone'', ''visit'')');
SELECT as_person('near', 'SELECT hulei.search_found(''{2}'', ARRAY[''\x00112233445566778899aabbccddeeff''::bytea])');
SELECT results_eq($$ SELECT actor, length(subject), purpose, detail->>'by' FROM audit_entry WHERE action = 'search_found' $$,
                  $$ VALUES ('near', 16, 'visit', 'phone') $$, 'who is found has an entry by pseudonym');
SELECT is((SELECT count(*) FROM watch_alarm), 0::bigint, 'without an alarm');
SELECT canary_put('urn:hulei:test:risk', 5::smallint, 'R-2');
UPDATE person_search SET xact = '1';
SELECT is(finds('near', '{3}'), '-:3:0:0', 'a canary comes to the console outside the scope');
SELECT as_person('near', 'SELECT hulei.search_ask(''phone'', ''visit'')');
SELECT as_person('near', 'SELECT hulei.search_found(''{3}'', ''{}'')');
SELECT results_eq($$ SELECT actor, rule FROM watch_alarm $$, $$ VALUES ('near', 'canary') $$, 'and tells');

-- ---- quota ----

INSERT INTO person_search (actor, kind, purpose, xact) SELECT 'far', 'phone', 'visit', '1' FROM generate_series(1, 200);
SELECT is(as_person('far', 'SELECT hulei.search_ask(''phone'', ''visit'')'), 'false', 'two hundred a day');
SELECT is((SELECT count(*) FROM watch_alarm WHERE rule = 'quota' AND actor = 'far'), 1::bigint, 'then the officer is told');

-- ---- cards go with what they are about ----

DELETE FROM canary_record;
DELETE FROM mention WHERE mention_id = 1632;
SELECT is((SELECT count(*) FROM card WHERE mention_id = 1632), 0::bigint, 'a card goes with its mention');

SELECT * FROM finish();
ROLLBACK;
