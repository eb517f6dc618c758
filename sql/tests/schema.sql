BEGIN;
\ir fixture.psql
SELECT plan(15);

SELECT is_empty($$
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = 'hulei'::regnamespace AND c.relkind = 'r' AND obj_description(c.oid) IS NULL
$$, 'every table says what it is');
SELECT is_empty($$
    SELECT relname FROM pg_class WHERE relnamespace = 'hulei'::regnamespace AND relowner <> 'hulei_owner'::regrole
$$, 'everything belongs to the owner');
SELECT is_empty($$
    SELECT proname FROM pg_proc
    WHERE pronamespace = 'hulei'::regnamespace AND prosecdef
      AND NOT coalesce(proconfig::text LIKE '%search_path=hulei, pg_temp%', false)
$$, 'every function that lends rights fixes its search path');
SELECT is_empty($$
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'hulei'
      AND column_name ~ '(birth|citizen|phone|address|longitude|latitude|household|id_number)'
$$, 'no column has a name that promises a plain personal value');
SELECT set_eq($$
    SELECT table_name || '.' || column_name FROM information_schema.columns
    WHERE table_schema = 'hulei' AND column_name IN ('body', 'facts', 'features', 'masked', 'full', 'proof', 'places') AND data_type = 'bytea'
$$, ARRAY['record.body', 'record.facts', 'record_history.body', 'mention.features', 'card.masked', 'card.full', 'card.proof', 'card.places', 'place.features', 'parked.body', 'emergency.body'],
    'what is personal is sealed bytes');
SELECT is((SELECT max(version) FROM schema_version), 1, 'the version the daemon asks for');

SELECT has_index('hulei', 'record', 'record_source_id_type_subject_key', ARRAY['source_id', 'type', 'subject'],
                 'records are found by their identity');
SELECT has_index('hulei', 'outbox', 'outbox_queued', 'unsent messages are found oldest first');
SELECT has_index('hulei', 'review_task', 'review_task_due', 'open tasks are found by due time');
SELECT has_index('hulei', 'command', 'command_pending', 'pending commands are found');
SELECT has_index('hulei', 'delivery', 'delivery_next', 'what is due is found');
SELECT has_index('hulei', 'parked', 'parked_tombstone', 'a seal finds parked copies');

SELECT throws_ok($$ INSERT INTO record SELECT * FROM record WHERE record_id = 101 $$, '23505', NULL,
                 'a record exists once');
SELECT throws_ok($$ INSERT INTO account (name, os_user, roles) VALUES ('root', 'root', '{reviewer}') $$, '23514', NULL,
                 'no account is bound to root');
SELECT throws_ok($$
    INSERT INTO alert (pair_id, pair_version, tier, rule, reasons, evidence, policy_version, msg)
    SELECT pair_id, version, 1, 'R1', '{}', '{}', 't', 'alert' FROM put(2, 'x')
$$, '23514', NULL, 'no alert without a decision, whoever writes it');

SELECT * FROM finish();
ROLLBACK;
