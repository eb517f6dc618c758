BEGIN;
\ir fixture.psql
SELECT plan(13);

-- What each role may do with each table: S select, I insert, U update, D delete; lower case: some columns only.
-- A table or a right that is not in this list fails the test.
CREATE TEMP TABLE expected (table_name text PRIMARY KEY, engine text, courier text, console text, auditor text);
INSERT INTO expected VALUES
    ('calendar_day',      'S',   'S',   'S',   'S'),
    ('account',           '',    '',    'S',   ''),
    ('ack',               '',    'SI',  '',    ''),
    ('alert',             '',    'S',   '',    ''),
    ('alert_series',      '',    'SIU', '',    ''),
    ('audit_entry',       '',    '',    '',    'S'),
    ('audit_lane',        '',    '',    '',    'S'),
    ('command',           'SIu', '',    '',    ''),
    ('data_key',          'SI',  '',    '',    ''),
    ('decision',          '',    'S',   'S',   ''),
    ('delivery',          '',    'SIU', '',    ''),
    ('delivery_deadline', '',    'S',   '',    ''),
    ('engine_lease',      'SIU', 'SIU', '',    ''),
    ('escalation',        '',    'SI',  '',    ''),
    ('escalation_step',   '',    'S',   '',    ''),
    ('feed_counter',      'SIU', '',    '',    ''),
    ('feed_erasure',      'SIU', '',    '',    ''),
    ('identity_decision', 'S',   '',    '',    ''),
    ('identity_review',   '',    '',    '',    ''),
    ('ingest_gap',        'SI',  'SI',  '',    ''),
    ('ingest_offset',     'SIU', 'SIU', '',    ''),
    ('mention',           'SIUD', '',   '',    ''),
    ('model_use',         'SI',  '',    '',    ''),
    ('outbox',            'Si',  'SIU', '',    ''),
    ('pair',              'S',   'S',   'S',   ''),
    ('pair_log',          '',    '',    'S',   ''),
    ('pair_rejection',    '',    '',    '',    ''),
    ('pair_transition',   '',    '',    '',    ''),
    ('parked',            'SIU', '',    '',    ''),
    ('person',            'SIU', '',    '',    ''),
    ('person_event',      'SI',  '',    '',    ''),
    ('place',             'SIUD', '',   '',    ''),
    ('post',              '',    'SIU', '',    ''),
    ('post_area',         '',    'SID', '',    ''),
    ('record',            'SIU', '',    '',    ''),
    ('record_history',    'SI',  '',    '',    ''),
    ('review_task',       'S',   '',    'S',   ''),
    ('role_status',       'SIU', 'SIU', 'SIU', ''),
    ('schema_version',    'S',   'S',   'S',   'S'),
    ('seal_tombstone',    'SI',  '',    '',    ''),
    ('seen_event',        'SI',  '',    '',    ''),
    ('setting',           'S',   'S',   'S',   'S'),
    ('source',            'SIU', '',    '',    '');

CREATE FUNCTION public.rights(role text, relation oid) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(CASE WHEN has_table_privilege(role, relation, word) THEN left(word, 1)
                           WHEN word <> 'DELETE' AND has_any_column_privilege(role, relation, word)
                           THEN lower(left(word, 1)) ELSE '' END, '' ORDER BY place)
    FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) WITH ORDINALITY AS w (word, place)
$$;
SELECT set_eq(
    $$ SELECT relname::text COLLATE "C", rights('hulei_engine', oid) AS e, rights('hulei_courier', oid) AS c, rights('hulei_console', oid) AS r,
              rights('hulei_auditor', oid) AS a
       FROM pg_class WHERE relnamespace = 'hulei'::regnamespace AND relkind = 'r' $$,
    $$ SELECT * FROM expected $$, 'every role has its rights on every table and no other');
SELECT is_empty($$
    SELECT r, relname FROM pg_class, unnest(ARRAY['hulei_engine', 'hulei_courier', 'hulei_console', 'hulei_auditor']) AS r
    WHERE relnamespace = 'hulei'::regnamespace AND relkind = 'r'
      AND (has_table_privilege(r, oid, 'TRUNCATE') OR has_table_privilege(r, oid, 'TRIGGER')
           OR has_table_privilege(r, oid, 'REFERENCES'))
$$, 'nobody truncates, adds triggers or refers to tables');
SELECT is_empty($$
    SELECT proname FROM pg_proc WHERE pronamespace = 'hulei'::regnamespace AND has_function_privilege('public', oid, 'EXECUTE')
$$, 'no function is open to everybody');

SELECT set_eq(format($$
    SELECT proname::text FROM pg_proc
    WHERE pronamespace = 'hulei'::regnamespace AND has_function_privilege(%L, oid, 'EXECUTE') $$, role), functions,
    'functions of ' || role)
FROM (VALUES
    ('hulei_engine', ARRAY['audit_append', 'audit_append_all', 'audit_verify', 'identity_keep', 'pair_event', 'pair_move', 'pair_put', 'seal_record']),
    ('hulei_courier', ARRAY['alert_ack_by', 'alert_act_by', 'answer_take', 'audit_append', 'audit_append_all', 'deadline_at',
                            'escalate_due', 'is_working_day', 'post_leads', 'working_deadline']),
    ('hulei_console', ARRAY['audit_append', 'audit_append_all', 'identity_decide', 'pair_event', 'review_sheet']),
    ('hulei_auditor', ARRAY['audit_canonical', 'audit_verify'])) AS f (role, functions);

SELECT is_empty($$
    SELECT rolname FROM pg_roles
    WHERE rolname LIKE 'hulei\_%' AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication)
$$, 'no role has rights beyond the database');
SELECT is_empty($$
    SELECT m.roleid::regrole, m.member::regrole FROM pg_auth_members m
    WHERE m.roleid::regrole::text LIKE 'hulei\_%' OR m.member::regrole::text LIKE 'hulei\_%'
$$, 'no role lends another');
SELECT is_empty($$
    SELECT rolname FROM pg_roles WHERE rolname LIKE 'hulei\_%' AND rolname <> 'hulei_owner'
       AND has_schema_privilege(rolname, 'hulei', 'CREATE')
$$, 'only the owner creates');
SELECT ok(NOT has_column_privilege('hulei_engine', 'outbox', 'alert_id', 'INSERT'),
          'the engine queues receipts, never an alert');
SELECT ok(NOT has_column_privilege('hulei_engine', 'command', 'payload', 'UPDATE'), 'the engine marks commands, no more');
SELECT throws_ok($$ SELECT as_role('hulei_console', 'SELECT hulei.alert_issue(NULL, NULL, NULL, NULL, NULL, NULL)') $$,
                 '42501', NULL, 'nobody issues an alert but through a decision');

SELECT * FROM finish();
ROLLBACK;
