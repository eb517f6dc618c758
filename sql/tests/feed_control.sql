BEGIN;
\ir fixture.psql
SELECT plan(16);

INSERT INTO record (record_id, source_id, type, subject, state, version_time, part, off, event_id, digest, updated_at)
SELECT n, 1, 1, 'C-' || n, 'live', '2026-03-01', 0, n, 'e', substr(sha256('1'), 1, 16), now()
FROM generate_series(201, 203) AS n;
UPDATE record SET state = 'withdrawn' WHERE record_id = 203;

INSERT INTO feed_promise VALUES (101, 1, 60, '2026-03-02', 0, 5), (102, 1, 600, '2026-03-01', 0, 9),
                                (103, 2, 30, '2026-03-01', 0, 6);
INSERT INTO feed_total VALUES (101, 1, 5, sha256(E'C-1\nC-201\nC-202\n')), (101, 4, 0, sha256('')),
                              (102, 1, 99, NULL), (103, 5, 2, sha256(E'R-1\n'));

SELECT results_eq($$ SELECT source_id, type, promised, live, gap, hash_fits FROM feed_coverage() $$,
    $$ VALUES (1::smallint, 1::smallint, 5::bigint, 3::bigint, 2::bigint, true),
              (1::smallint, 4::smallint, 0::bigint, 0::bigint, 0::bigint, true),
              (2::smallint, 5::smallint, 2::bigint, 2::bigint, 0::bigint, false) $$,
    'the newest promise of a source, withdrawn records not counted, hashes over sorted subjects');
UPDATE feed_promise SET said_at = '2026-03-02', off = 9 WHERE record_id = 102;
SELECT results_eq($$ SELECT promised, hash_fits FROM feed_coverage() WHERE source_id = 1 $$,
    $$ VALUES (99::bigint, NULL::boolean) $$, 'of equal times the later message counts');
DELETE FROM feed_promise WHERE record_id = 102;

-- Silence, both sides of each bound.
INSERT INTO feed_counter (topic, source_id, day, outcome, n, last_at) VALUES
    ('t', 1, '2026-05-01', 'accepted', 1, '2026-05-01 07:00+08'), ('t', 1, '2026-05-01', 'unchanged', 1, '2026-05-01 08:00+08'),
    ('u', 2, '2026-05-01', 'refused', 1, '2026-05-01 08:00+08');
CREATE FUNCTION public.periods(source int, at text) RETURNS int LANGUAGE sql AS $$
    SELECT periods FROM hulei.feed_silence(('2026-05-01 ' || at || '+08')::timestamptz) WHERE source_id = source
$$;
SELECT is(periods(1, '08:00'), 0, 'heard just now');
SELECT is(periods(1, '09:00'), 0, 'exactly one period is not yet silence');
SELECT is(periods(1, '09:00:01'), 1, 'a second more is');
SELECT is(periods(1, '10:00'), 1, 'exactly two periods');
SELECT is(periods(1, '10:00:01'), 2, 'more than two');
SELECT is(periods(2, '08:30'), 0, 'each source has its own period');
SELECT is(periods(2, '08:30:01'), 1, 'a refused message was heard, too');
SELECT is(periods(1, '07:30'), 0, 'a clock behind is not silence');
SELECT set_eq($$ SELECT source_id, feeds_risk FROM feed_silence(now()) $$,
              $$ VALUES (1::smallint, false), (2::smallint, true) $$, 'which feeds bring records of concern');
DELETE FROM record WHERE record_id = 103;
SELECT set_eq($$ SELECT source_id FROM feed_silence(now()) $$, ARRAY[1::smallint], 'a promise goes with its record');

-- The calendar feed over the shipped days.
INSERT INTO calendar_span VALUES (101, 1, 'workday', '2026-05-04', '2026-05-04', NULL, '2026-03-01', 0, 1),
                                 (102, 1, 'holiday', '2026-05-04', '2026-05-08', NULL, '2026-02-01', 0, 2),
                                 (102, 2, 'term', '2026-03-01', '2026-07-03', NULL, '2026-02-01', 0, 2);
SELECT results_eq($$ SELECT is_working_day(d::date) FROM generate_series(date '2026-05-03', '2026-05-11', '1 day') AS d $$,
    ARRAY[false, true, false, false, false, false, true, false, true],
    'the newer record counts, the shipped days where none speaks, then the week');
UPDATE calendar_span SET said_at = '2026-01-01' WHERE record_id = 101;
SELECT is(is_working_day('2026-05-04'), false, 'by source time, not by order of arrival');
SELECT results_eq($$ SELECT is_school_term(d::date) FROM unnest(ARRAY['2026-02-28', '2026-03-01', '2026-07-03', '2026-07-04']::date[]) AS d $$,
    ARRAY[NULL, true, true, NULL], 'school terms have their first and last day');
DELETE FROM record WHERE record_id = 102;
SELECT is(is_working_day('2026-05-06'), true, 'a withdrawn calendar says nothing more');

SELECT * FROM finish();
ROLLBACK;
