BEGIN;
\ir fixture.psql
SELECT plan(12);
DELETE FROM exposure_count;
INSERT INTO exposure_count (area_code, pairs, counted_on)
VALUES ('500111004203', 4, '2026-10-01'), ('500111004204', 5, '2026-10-01'), ('500111005201', 17, '2026-10-01'),
       ('500222001201', 40, '2026-10-01');
SELECT travel_to('2026-11-02 08:00'); -- a Monday
SELECT is(digest_run(), 0::bigint, 'no window, no digest');
INSERT INTO group_window VALUES (4, NULL, '09:00', 1);
SELECT travel_to('2026-11-02 08:59:55');
SELECT is(digest_run(), 0::bigint, 'not before nine on Monday');
SELECT travel_to('2026-11-02 09:00:01');
SELECT is(digest_run(), 3::bigint, 'then every active police and judicial post with an area');
SELECT is(digest_run(), 0::bigint, 'once');
SELECT is(convert_from(payload, 'UTF8')::jsonb #> '{data,cells}',
          '[{"area": "500111004203", "few": true}, {"area": "500111004204", "pairs": 5}]', 'four are few, five are counted')
FROM outbox WHERE kind = 'digest' AND post_id = 'station';
SELECT is(convert_from(payload, 'UTF8')::jsonb #> '{data,cells}', '[{"area": "500111005201", "pairs": 17}]',
          'a code of the official tables covers what is below it')
FROM outbox WHERE kind = 'digest' AND post_id = 'station-far';
SELECT is(jsonb_array_length(convert_from(payload, 'UTF8')::jsonb #> '{data,cells}'), 3, 'nothing of another county')
FROM outbox WHERE kind = 'digest' AND post_id = 'justice';
SELECT is((SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(convert_from(payload, 'UTF8')::jsonb->'data') AS k),
          '{cells,post,rule,status,week}', 'and no sum') FROM outbox WHERE kind = 'digest' AND post_id = 'station';
SELECT is_empty($$ SELECT FROM outbox WHERE kind = 'digest' AND post_id IN ('civil', 'closed-station', 'bureau') $$,
                'nobody else hears of it');
SELECT travel_to('2026-11-08 23:00');
SELECT is(digest_run(), 0::bigint, 'nothing more that week');
SELECT travel_to('2026-10-05 12:00'); -- the holiday's Monday
SELECT is(digest_run(), 0::bigint, 'a Monday off');
SELECT travel_to('2026-10-08 09:00:01');
SELECT is(digest_run(), 3::bigint, 'counts from the first working day');
SELECT * FROM finish();
ROLLBACK;
