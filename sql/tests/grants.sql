BEGIN;
\ir fixture.psql
SELECT plan(13);

-- granted_tables.txt: what each role may do with each table, in the order engine, courier, console, auditor:
-- S select, I insert, U update, D delete; lower case: some columns only.
-- A table or a right that is not in this list fails the test.
CREATE TEMP TABLE expected (table_name text PRIMARY KEY, engine text NOT NULL, courier text NOT NULL, console text NOT NULL,
                            auditor text NOT NULL);
CREATE TEMP TABLE listed (LIKE expected);
\copy listed FROM granted_tables.txt (FORMAT text, DELIMITER '|')
INSERT INTO expected SELECT DISTINCT * FROM listed; -- a line that a merge doubled is one

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

-- granted_functions.txt: every function a role may call, and no other.
CREATE TEMP TABLE callable (role text, function text);
\copy callable FROM granted_functions.txt (FORMAT text, DELIMITER '|')
SELECT set_eq(format($$
    SELECT proname::text FROM pg_proc
    WHERE pronamespace = 'hulei'::regnamespace AND has_function_privilege(%L, oid, 'EXECUTE') $$, role),
    format('SELECT function FROM callable WHERE role = %L', role), 'functions of ' || role)
FROM unnest(ARRAY['hulei_engine', 'hulei_courier', 'hulei_console', 'hulei_auditor']) AS role;

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
