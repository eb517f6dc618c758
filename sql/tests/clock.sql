BEGIN;
\ir fixture.psql
SELECT plan(8);

SELECT ok(clock() - clock_timestamp() BETWEEN interval '-1 s' AND interval '1 s', 'in service it is the true time');
SELECT travel('40 days');
SELECT ok(clock() - clock_timestamp() - interval '40 days' BETWEEN interval '-1 s' AND interval '1 s', 'it can be moved');
SELECT travel('1 hour');
SELECT ok(clock() - clock_timestamp() - interval '40 days 1 hour' BETWEEN interval '-1 s' AND interval '1 s',
          'and moved further');
SELECT travel_to('2028-12-31 23:59:59.5');
SELECT is(clock_day(), date '2028-12-31', 'to a day of China Standard Time');
SELECT ok(clock() < clock(), 'where it goes on');
SELECT throws_ok(format('SELECT as_role(%L, %L)', role,
                        'INSERT INTO hulei.setting VALUES (''clock_shift'', ''1 day'')
                         ON CONFLICT (name) DO UPDATE SET value = excluded.value'), '42501', NULL,
                 role || ' does not move it')
FROM unnest(ARRAY['hulei_engine', 'hulei_courier', 'hulei_console']) AS role;

SELECT * FROM finish();
ROLLBACK;
