BEGIN;
\ir fixture.psql
SELECT plan(28);

CREATE FUNCTION public.open_faults() RETURNS TABLE (fault text, about text, tier smallint) LANGUAGE sql AS $$
    SELECT detail->>'fault', coalesce(detail->>'person', 's' || (detail->>'source')), tier
    FROM hulei.review_task WHERE kind = 'data_fault' AND state = 'open' ORDER BY 1, 2
$$;

-- Faults of addresses.
SELECT ok(data_fault_put('address_old', 'person', 1, 4::smallint), 'a fault opens a task');
SELECT ok(NOT data_fault_put('address_old', 'person', 1, 4::smallint), 'once');
SELECT ok(data_fault_put('address_unlocated', 'person', 1, 4::smallint), 'another fault of the same person');
SELECT ok(data_fault_put('address_old', 'person', 2, 4::smallint), 'the same fault of another person');
SELECT results_eq($$ SELECT * FROM open_faults() $$,
                  $$ VALUES ('address_old', '1', 4::smallint), ('address_old', '2', 4::smallint),
                            ('address_unlocated', '1', 4::smallint) $$, 'three tasks, blue');
SELECT ok(data_fault_clear('address_old', 'person', 1), 'it is mended');
SELECT ok(NOT data_fault_clear('address_old', 'person', 1), 'once');
SELECT ok(data_fault_put('address_old', 'person', 1, 4::smallint), 'and comes again');
SELECT throws_ok($$ SELECT data_fault_put('address_old', 'source', 1, 4::smallint) $$, 'HL002', NULL, 'sources have no address');
SELECT throws_ok($$ SELECT data_fault_put('rumour', 'person', 1, 4::smallint) $$, 'HL002', NULL, 'no such fault');
SELECT lives_ok($$ SELECT as_role('hulei_engine', 'SELECT hulei.data_fault_clear(''address_old'', ''person'', 1)') $$,
                'the engine writes them');
SELECT throws_ok($$ SELECT as_role('hulei_console', 'SELECT hulei.data_fault_clear(''address_old'', ''person'', 2)') $$,
                 '42501', NULL, 'nobody else does');
DELETE FROM review_task WHERE kind = 'data_fault';

-- Silent feeds and gaps: source 1 feeds children, source 2 records of risk; both promise to speak every hour.
INSERT INTO record (record_id, source_id, type, subject, state, version_time, part, off, event_id, digest, data_key_id,
                    body, facts, updated_at)
SELECT 900 + n, n, 30, 'control', 'live', clock(), 0, 90 + n, 'c', substr(sha256('c'), 1, 16), 4, '\x01', '\x01', now()
FROM generate_series(1, 2) AS n;
INSERT INTO feed_promise (record_id, source_id, silence_minutes, said_at, part, off)
SELECT 900 + n, n, 60, clock(), 0, 90 + n FROM generate_series(1, 2) AS n;
INSERT INTO feed_counter (topic, source_id, day, outcome, n, last_at)
SELECT 't', n, clock_day(), 'accepted', 1, clock() FROM generate_series(1, 2) AS n;
INSERT INTO feed_total (record_id, type, n) VALUES (901, 1, 1), (902, 5, 2);

SELECT is(feed_faults_update(true), 0, 'all is well');
SELECT travel('61 minutes');
SELECT is(feed_faults_update(true), 2, 'both are silent for longer than they promised');
SELECT results_eq($$ SELECT * FROM open_faults() $$,
                  $$ VALUES ('feed_silent', 's1', 4::smallint), ('feed_silent', 's2', 4::smallint) $$, 'blue');
SELECT is(feed_faults_update(true), 0, 'twice is once');
SELECT travel('121 minutes');
SELECT is(feed_faults_update(true), 0, 'for longer than two periods');
SELECT results_eq($$ SELECT * FROM open_faults() $$,
                  $$ VALUES ('feed_silent', 's1', 4::smallint), ('feed_silent', 's2', 3::smallint) $$,
                  'the feed of risk records is yellow, the other stays blue');
UPDATE feed_counter SET last_at = clock();
UPDATE feed_total SET n = 3 WHERE record_id = 902;
SELECT is(feed_faults_update(true), 3, 'they speak again, and one says that more is held than is here');
SELECT results_eq($$ SELECT * FROM open_faults() $$, $$ VALUES ('control_gap', 's2', 4::smallint) $$, 'a gap');
SELECT is(feed_faults_update(false), 1, 'rule B3 is off: nothing stays');

-- Counts.
SELECT counted_put(ARRAY[NULL, '500111004203', '500111004001'], ARRAY[0, 7, 3], '2026-11-25');
SELECT results_eq($$ SELECT area_code, pairs FROM exposure_count ORDER BY 1 $$,
                  $$ VALUES ('500111004001', 3), ('500111004203', 7) $$, 'counted by community');
SELECT counted_put(ARRAY[NULL::text], ARRAY[0::bigint], '2026-11-26');
SELECT is((SELECT count(*) FROM exposure_count), 0::bigint, 'a count of nothing');
SELECT counted_put(ARRAY['500111004203'], ARRAY[7::bigint], '2026-11-27');
SELECT lives_ok($$ SELECT as_role('hulei_console', format('SELECT hulei.session_begin_local(%L), hulei.desk_counted_open(%L)',
                                                          (SELECT os_user FROM account WHERE name = 'reviewer-1'), '500111004203')) $$, 'a reviewer looks behind a count');
SELECT results_eq($$ SELECT payload FROM command WHERE kind = 'open_counted' $$, $$ VALUES ('{"area": "500111004203"}'::jsonb) $$,
                  'the engine is told');
SELECT throws_ok($$ SELECT counted_open('500111004001', account_of('reviewer-1')) $$, 'HL002', NULL, 'nothing is counted there');
SELECT throws_ok($$ SELECT counted_open('500111004203', account_of('officer')) $$, 'HL003', NULL, 'an officer opens nothing');
SELECT throws_ok($$ SELECT as_role('hulei_engine', 'SELECT hulei.counted_open(''500111004203'', 1)') $$, '42501', NULL,
                 'nor does the engine');

SELECT * FROM finish();
ROLLBACK;
