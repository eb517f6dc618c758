BEGIN;
\ir fixture.psql
SELECT plan(5);

-- A table is personal when a column of it says so: ids of persons and records, sealed values, names, who looked.
SELECT is_empty($$
    SELECT DISTINCT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'hulei'::regnamespace AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
      AND (a.attname ~ '^(.*_?person_?.*|.*mention_id|subject|body|facts|features|contact|reporter|wrapped|factor|verifier|payload|masked|full|proof|actor|account_id|pair_id|alert_id|child_.*|risk_.*)$'
           OR (a.attname = 'record_id' AND c.relname NOT IN ('calendar_span', 'feed_promise', 'feed_total', 'grid_route')))
    $$, 'every table about people has FORCE ROW LEVEL SECURITY; the four with a record of frame feeds name nobody');
SELECT is_empty($$
    SELECT p.tablename, r FROM pg_policies p, unnest(p.roles) AS r
    WHERE p.schemaname = 'hulei' AND r = 'public'
    $$, 'no policy lets everybody in');
SELECT is_empty($$
    SELECT p.tablename FROM pg_policies p
    WHERE p.schemaname = 'hulei' AND 'hulei_console' = ANY (p.roles) AND p.qual = 'true'
      AND p.tablename NOT IN ('account')
    $$, 'the console is let in by its session, except where accounts sign in');
SELECT set_eq($$ SELECT DISTINCT c.relname::text FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid WHERE NOT c.relforcerowsecurity $$,
              ARRAY[]::text[], 'no policy stands where it is not forced');
SELECT is_empty($$
    SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'hulei'::regnamespace AND c.relkind IN ('v', 'm')
      AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false)
    $$, 'no view shows what its reader may not see');

SELECT * FROM finish();
ROLLBACK;
