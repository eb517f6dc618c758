BEGIN;
\ir fixture.psql
SELECT plan(7);

SELECT set_eq($$
    SELECT to_char(d, 'MM-DD') FROM generate_series(date '2026-01-01', date '2026-12-31', '1 day') AS d
    WHERE is_working_day(d::date) <> (extract(isodow FROM d) < 6)
$$, ARRAY['01-01', '01-02', '01-04', '02-14', '02-16', '02-17', '02-18', '02-19', '02-20', '02-23', '02-28', '04-06',
          '05-01', '05-04', '05-05', '05-09', '06-19', '09-20', '09-25', '10-01', '10-02', '10-05', '10-06', '10-07',
          '10-10'], 'the days of 2026 that do not go by the week');
SELECT is((SELECT count(*) FROM generate_series(date '2026-01-01', date '2026-12-31', '1 day') AS d
           WHERE is_working_day(d::date)), 248::bigint, 'working days of 2026');

-- 2026: 02-13 is a Friday; 02-14 Saturday is worked; 02-15 to 02-23 is the Spring Festival; 02-24 is a Tuesday.
CREATE TEMP TABLE row (what text, from_time text, amount int, unit text, wanted text);
INSERT INTO row VALUES
    ('minutes within a day',               '2026-03-02 10:00', 60,   'minute',        '2026-03-02 11:00'),
    ('minutes over a night',               '2026-03-02 23:30', 60,   'minute',        '2026-03-03 00:30'),
    ('to midnight exactly',                '2026-03-02 23:00', 60,   'minute',        '2026-03-03 00:00'),
    ('24 h from Friday evening',           '2026-03-06 18:00', 1440, 'minute',        '2026-03-09 18:00'),
    ('24 h from a Saturday',               '2026-03-07 03:00', 1440, 'minute',        '2026-03-10 00:00'),
    ('24 h before a worked Saturday',      '2026-02-13 18:00', 1440, 'minute',        '2026-02-14 18:00'),
    ('24 h before the Spring Festival',    '2026-02-14 18:00', 1440, 'minute',        '2026-02-24 18:00'),
    ('24 h within it',                     '2026-02-18 12:00', 1440, 'minute',        '2026-02-25 00:00'),
    ('no time at all',                     '2026-03-02 10:00', 0,    'minute',        '2026-03-02 10:00'),
    ('no time on a Sunday',                '2026-03-01 10:00', 0,    'minute',        '2026-03-02 00:00'),
    ('8 office hours are a day',           '2026-03-02 09:00', 480,  'office_minute', '2026-03-02 17:00'),
    ('8 office hours from noon',           '2026-03-02 12:00', 480,  'office_minute', '2026-03-03 12:00'),
    ('from before opening',                '2026-03-02 05:00', 60,   'office_minute', '2026-03-02 10:00'),
    ('from after closing',                 '2026-03-02 20:00', 60,   'office_minute', '2026-03-03 10:00'),
    ('from the very end of the day',       '2026-03-02 17:00', 1,    'office_minute', '2026-03-03 09:01'),
    ('8 office hours from Friday noon',    '2026-03-06 12:00', 480,  'office_minute', '2026-03-09 12:00'),
    ('8 office hours over National Day',   '2026-09-30 16:00', 480,  'office_minute', '2026-10-08 16:00'),
    ('a working day',                      '2026-03-02 10:15', 1,    'day',           '2026-03-03 10:15'),
    ('3 working days over a weekend',      '2026-03-05 10:15', 3,    'day',           '2026-03-10 10:15'),
    ('a working day from a Saturday',      '2026-03-07 10:15', 1,    'day',           '2026-03-10 09:00'),
    ('from a worked Saturday',             '2026-02-14 10:15', 1,    'day',           '2026-02-24 10:15'),
    ('a working day before one',           '2026-02-13 10:15', 1,    'day',           '2026-02-14 10:15'),
    ('3 working days before National Day', '2026-09-30 10:15', 3,    'day',           '2026-10-10 10:15'),
    ('10 working days',                    '2026-03-02 10:15', 10,   'day',           '2026-03-16 10:15'),
    ('a year without any row goes by the week', '2027-10-01 10:15', 1, 'day',         '2027-10-04 10:15');
SELECT results_eq($$
    SELECT what, to_char(working_deadline((from_time || '+08')::timestamptz, amount, unit) AT TIME ZONE 'Asia/Shanghai',
                         'YYYY-MM-DD HH24:MI') FROM row ORDER BY what COLLATE "C" $$,
    $$ SELECT what, wanted FROM row ORDER BY what COLLATE "C" $$, 'deadlines in working time');

SELECT throws_ok($$ SELECT working_deadline(now(), -1, 'day') $$, 'P0001', NULL, 'no time backwards');
SELECT throws_ok($$ SELECT working_deadline(now(), 1, 'week') $$, 'P0001', NULL, 'no unknown unit');
SELECT results_eq($$ SELECT to_char(review_due(tier::smallint, '2026-02-14 18:00+08') AT TIME ZONE 'Asia/Shanghai',
                                    'MM-DD HH24:MI') FROM generate_series(1, 4) AS tier $$,
    ARRAY['02-14 19:00', '02-24 18:00', '02-26 18:00', '03-06 18:00'],
    'red is reviewed round the clock, the others in working time');
UPDATE calendar_day SET is_working = true WHERE day = '2026-02-16';
SELECT is(review_due(2::smallint, '2026-02-14 18:00+08'), timestamptz '2026-02-16 18:00+08', 'a changed calendar counts');

SELECT * FROM finish();
ROLLBACK;
