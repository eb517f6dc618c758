BEGIN;
\ir fixture.psql
SELECT plan(30);

INSERT INTO post (post_id, view, lead_post, topic, ack_topic, active, takes_unrouted) VALUES
    ('school', 'education', NULL, 't.school', 'a.school', true, false),
    ('hamlet', 'community', NULL, 't.hamlet', 'a.hamlet', true, false),
    ('hamlet-2', 'community', NULL, 't.hamlet-2', 'a.hamlet-2', true, false),
    ('village', 'police', NULL, 't.village', 'a.village', true, false),
    ('protection', 'office', NULL, 't.protection', 'a.protection', true, true);
INSERT INTO post_area (post_id, area_code) VALUES ('school', '500111'), ('hamlet', '500111004203');

-- Records 101 to 103 of the fixture stand for the feed's records.
CREATE FUNCTION public.route(record bigint, grid text, area text, post text, from_day date, to_day date) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO hulei.grid_route VALUES (record, grid, area, post, from_day, to_day)
    ON CONFLICT (record_id) DO UPDATE SET grid = excluded.grid, area_code = excluded.area_code,
        post_id = excluded.post_id, from_day = excluded.from_day, to_day = excluded.to_day
$$;
CREATE FUNCTION public.told(child text, risk text, views text DEFAULT '{police,judicial,civil,education,community,office}',
                            rule text DEFAULT 'O1', on_day date DEFAULT '2026-05-10', grid text DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(coalesce(r.post_id, 'nobody') || ':' || array_to_string(r.because, '+'), ' ' ORDER BY r.post_id)
    FROM hulei.route_posts(child, grid, risk, NULL, views::text[], rule, on_day) AS r
$$;

-- Two areas: both stations, the judicial office of both, and of the child's area everybody else.
SELECT is(told('500111004203', '500111005201'),
          'civil:child hamlet:child justice:child+risk school:child station:child station-far:risk', 'apart');
SELECT is(told('500111004203', '500111004203'),
          'civil:child hamlet:child justice:child+risk school:child station:child+risk', 'together');
SELECT is(told('500111005201', '500111004203', '{police,judicial,community}'),
          'justice:child+risk station:risk station-far:child', 'the community of the person of concern hears nothing');
SELECT is(told('500111004203', '500111005201', '{police}'), 'station:child station-far:risk',
          'only the views that the category allows');
SELECT is(told('500111004203', '500111004203', rule => 'O5'), 'justice:child+risk station:child+risk',
          'O5 tells police and judicial only');
SELECT is(told('500111004203', '500111004203', rule => 'L1'), 'station:child+risk', 'L1 tells police only');
SELECT is(told('500111004203', '500111004203', '{civil}', 'L1'), 'protection:unrouted',
          'a rule and a category that exclude each other: the protection office');

-- Nobody answers.
SELECT is(told('500222001001', NULL), 'protection:unrouted', 'an area without posts goes to the protection office');
SELECT is(told('500111004203', '510000000000', '{police,judicial}'),
          'justice:child protection:unrouted station:child', 'the person lives where nobody answers: the others still hear');
SELECT is(told(NULL, NULL), 'protection:unrouted', 'no area at all');
SELECT is(told(NULL, '500111004203', '{police}'), 'station:risk', 'one area not known: the other decides');
SELECT is(told('500111006001', NULL, '{police,judicial}'), 'justice:child protection:unrouted',
          'a judicial office alone is not enough');
UPDATE post SET active = false WHERE post_id = 'protection';
SELECT is(told('500222001001', NULL), 'nobody:unrouted', 'without a protection office a human must see it');
UPDATE post SET active = true WHERE post_id = 'protection';

-- Grids and effective dates, both sides of each bound.
SELECT route(101, 'G-1', '500111004203', 'hamlet-2', '2026-05-01', '2026-05-31');
SELECT is(told('500111004203', NULL, '{police,community}', on_day => '2026-04-30'), 'hamlet:child station:child',
          'the day before it begins');
SELECT is(told('500111004203', NULL, '{police,community}', on_day => '2026-05-01'), 'hamlet-2:child station:child',
          'its first day: a grid before its area');
SELECT is(told('500111004203', NULL, '{police,community}', on_day => '2026-05-31'), 'hamlet-2:child station:child',
          'its last day');
SELECT is(told('500111004203', NULL, '{police,community}', on_day => '2026-06-01'), 'hamlet:child station:child',
          'the day after');
SELECT route(102, 'G-2', '500111004203', 'hamlet', '2026-05-01', NULL);
SELECT is(told('500111004203', NULL, '{police,community}'), 'hamlet:child station:child',
          'two grids of two posts and no grid known: the area');
SELECT is(told('500111004203', NULL, '{police,community}', grid => 'G-1'), 'hamlet-2:child station:child',
          'the grid is known');
SELECT is(told('500111004203', NULL, '{police,community}', grid => 'G-9'), 'hamlet:child station:child',
          'a grid nobody has');
SELECT route(103, 'V', '500111004203', 'village', '2026-01-01', NULL);
SELECT is(told('500111004203', NULL, '{police}'), 'village:child', 'the finest police post answers alone');
SELECT is(told('500111004204', NULL, '{police}'), 'station:child', 'and only for its own community');
UPDATE post SET active = false WHERE post_id = 'village';
SELECT is(told('500111004203', NULL, '{police}'), 'station:child', 'a closed post hands back to the wider one');

-- Faults are found before an alert is lost.
SELECT set_eq($$ SELECT fault, post_id, area_code, n FROM post_faults() $$,
              $$ VALUES ('unknown_post', 'village', NULL, 1::bigint) $$, 'a route to a closed post');
SELECT lives_ok($$ SELECT * FROM put(2, 'a', '500222001001') $$, 'a pair where nobody answers');
SELECT set_eq($$ SELECT fault, area_code, n FROM post_faults() WHERE fault = 'area_without_police' $$,
              $$ VALUES ('area_without_police', '500222001001', 1::bigint) $$, 'is found while it waits for review');
SELECT is(decide((SELECT pair_id FROM pair), 'accept'), 'accepted', 'and can be accepted');
SELECT set_eq($$ SELECT post_id FROM delivery $$, ARRAY['protection'], 'the protection office hears of it');
SELECT is((SELECT count(*) FROM review_task WHERE kind = 'delivery' AND detail->>'reason' = 'NO_POST'), 1::bigint,
          'and a human, too');
SELECT is(alerts_without_post(), 1::bigint, 'it is counted');

SELECT * FROM finish();
ROLLBACK;
