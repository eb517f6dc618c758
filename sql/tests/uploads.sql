BEGIN;
\ir fixture.psql
SELECT plan(14);

-- What clerks enter in the console: sealed rows of the outbox, once a line, and nothing left of them when they are sent.
INSERT INTO account (name, roles, department) VALUES ('clerk', '{operator}', 'civil-affairs'), ('other', '{operator}', 'civil-affairs'),
    ('judge', '{operator}', 'judicial'), ('watcher', '{operator}', NULL), ('reviewer-x', '{reviewer}', NULL);
INSERT INTO session (token_hash, account_id, state, ends_at)
SELECT sha256(convert_to('t-' || name, 'UTF8')), account_id, 'active', clock_timestamp() + interval '1 hour' FROM account
WHERE name IN ('clerk', 'other', 'judge', 'watcher', 'reviewer-x');
INSERT INTO source (source_id, urn, topic, department) VALUES
    (901, 'urn:hulei:test:console', 'hulei.feed.civil-affairs.console', 'civil-affairs')
    ON CONFLICT DO NOTHING;

CREATE FUNCTION public.send_lines(in_upload text, lines int[]) RETURNS int LANGUAGE sql AS $$
    SELECT hulei.upload_put(in_upload, 'child', lines, ARRAY(SELECT hulei.upload_keys(cardinality(lines))),
        ARRAY(SELECT decode(repeat('ab', 61), 'hex') FROM unnest(lines)), ARRAY(SELECT 'child:c-' || l FROM unnest(lines) AS l),
        ARRAY(SELECT decode('00', 'hex') FROM unnest(lines)), 1)
$$;
SELECT set_config('hulei.session', 't-reviewer-x', true);
SELECT throws_ok($$ SELECT send_lines('led-0', '{2}') $$, 'HL003', NULL, 'a reviewer enters no records');
SELECT set_config('hulei.session', 't-watcher', true);
SELECT throws_ok($$ SELECT send_lines('led-0', '{2}') $$, 'HL036', NULL, 'nor does somebody without a department');

SELECT set_config('hulei.session', 't-clerk', true);
SELECT is(send_lines('led-1', '{2,3,3}'), 2, 'two lines are queued, a doubled one once');
SELECT is(send_lines('led-1', '{3,4}'), 1, 'a block sent again: only its new line');
SELECT is((SELECT count(*)::int FROM outbox WHERE kind = 'feed' AND topic = 'hulei.feed.civil-affairs.console' AND data_key_id < -4e18), 3,
          'three sealed rows for the department''s console feed');
SELECT is((SELECT count(*)::int FROM audit_entry WHERE action = 'feed_upload' AND actor = 'clerk'), 2, 'each block is on record');
SELECT set_config('hulei.session', 't-other', true);
SELECT throws_ok($$ SELECT send_lines('led-1', '{9}') $$, 'HL037', NULL, 'a ledger is its clerk''s');
SELECT throws_ok($$ INSERT INTO outbox (kind, topic, payload, not_before) VALUES ('feed', 'x', 'y', now()) $$, '23514', NULL,
                 'no feed row without its key');

CREATE TEMP TABLE row_key AS SELECT outbox_id, data_key_id FROM outbox WHERE kind = 'feed' ORDER BY outbox_id LIMIT 1;
GRANT SELECT ON row_key TO hulei_courier;
SELECT is((SELECT data_key_id FROM outbox_sealed((SELECT outbox_id FROM row_key))), (SELECT data_key_id FROM row_key),
          'the courier gets the key');
UPDATE outbox SET state = 'sent', sent_at = now() WHERE outbox_id = (SELECT outbox_id FROM row_key);
SELECT results_eq($$ SELECT payload, data_key_id FROM outbox WHERE outbox_id = (SELECT outbox_id FROM row_key) $$,
                  $$ VALUES (''::bytea, NULL::bigint) $$, 'a row that was sent is empty');
SELECT is_empty($$ SELECT FROM data_key WHERE data_key_id = (SELECT data_key_id FROM row_key) $$, 'and its key is gone');

INSERT INTO outbox (kind, topic, key, payload, not_before) VALUES ('receipt', 'hulei.receipt.civil-affairs.console', 'u',
    convert_to('{"receipts": [{"id": "led-1:2", "outcome": "accepted"}, {"id": "led-1:3", "outcome": "refused", "code": "bad_value",
    "field": "data.person.name", "rule": "required"}, {"id": "led-11:4", "outcome": "refused"}]}', 'UTF8'), now());
SELECT is((upload_list()->'items'->0) - 'at', '{"upload": "led-1", "department": "civil-affairs", "type": "child", "by": "clerk", "lines": 3,
    "waiting": 2, "accepted": 1, "unchanged": 0, "superseded": 0, "refused": 1,
    "refusals": [{"row": 3, "code": "bad_value", "field": "data.person.name", "rule": "required"}]}'::jsonb,
    'a colleague sees what became of it');
SELECT set_config('hulei.session', 't-judge', true);
SELECT is(upload_list()->'items', '[]'::jsonb, 'another department does not');
SELECT set_config('hulei.session', '', true);
SELECT throws_ok($$ SELECT upload_list() $$, 'HL003', NULL, 'nobody without a session');
SELECT * FROM finish();
ROLLBACK;
