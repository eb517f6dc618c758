BEGIN;
\ir fixture.psql
SELECT plan(14);

INSERT INTO post_roster (record_id, post_id, lead_post, said_at, part, off) VALUES
    (101, 'station', NULL, '2026-03-01', 0, 1), (102, 'station', 'justice', '2026-03-02', 0, 2),
    (103, 'unheard-of', 'nobody', '2026-03-02', 0, 3);
INSERT INTO duty_turn (record_id, line, account, duty, from_at, to_at, contact) VALUES
    (101, 1, 'u-1', 'officer', '2026-05-01 08:00+08', '2026-05-01 20:00+08', '\x01'),
    (101, 2, 'u-2', 'officer', '2026-05-01 20:00+08', '2026-05-02 08:00+08', '\x02'),
    (101, 3, 'u-9', 'lead',    '2026-05-01 00:00+08', '2026-05-08 00:00+08', '\x03'),
    (102, 1, 'u-1', 'officer', '2026-05-01 08:00+08', '2026-05-01 18:00+08', '\x04'),
    (102, 2, 'u-5', 'reviewer', '2026-05-01 08:00+08', '2026-05-01 18:00+08', NULL);

CREATE FUNCTION public.on_duty(post text, at timestamptz) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(account || '/' || duty, ' ') FROM hulei.duty_at(post, at)
$$;
SELECT is(on_duty('station', '2026-04-30 23:59:59+08'), NULL, 'nobody before the first turn');
SELECT is(on_duty('station', '2026-05-01 00:00+08'), 'u-9/lead', 'the lead from midnight on');
SELECT is(on_duty('station', '2026-05-01 07:59:59+08'), 'u-9/lead', 'a second before the turn');
SELECT is(on_duty('station', '2026-05-01 08:00+08'), 'u-1/officer u-5/reviewer u-9/lead', 'from its first moment');
SELECT is(on_duty('station', '2026-05-01 19:59:59+08'), 'u-1/officer u-9/lead', 'until its last');
SELECT is(on_duty('station', '2026-05-01 20:00+08'), 'u-2/officer u-9/lead', 'then the next one');
SELECT is(on_duty('station', '2026-05-08 00:00+08'), NULL, 'the end is not part of it');
SELECT is(on_duty('station-far', '2026-05-01 10:00+08'), NULL, 'each post has its own');
SELECT results_eq($$ SELECT contact, contact_row, data_key_id FROM duty_at('station', '2026-05-01 10:00+08')
                     WHERE account = 'u-1' $$,
                  $$ VALUES ('\x04'::bytea, 256 * 102 + 1::bigint, 2::bigint) $$,
                  'named twice: the newer roster''s contact, with what opens it');

-- Leads.
SELECT is(post_lead('station'), 'justice', 'the roster''s lead comes before the file''s');
SELECT is(post_leads('station'), ARRAY['justice'], 'and escalation follows it');
SELECT is(post_lead('station-far'), 'bureau', 'no roster: the file''s');
UPDATE post SET active = false WHERE post_id = 'justice';
SELECT is(post_lead('station'), 'bureau', 'a lead that is closed does not lead');
SELECT set_eq($$ SELECT fault, post_id FROM post_faults() $$,
              $$ VALUES ('unknown_post', 'unheard-of'), ('unknown_post', 'nobody'), ('unknown_post', 'justice') $$,
              'names that no post has are found');

SELECT * FROM finish();
ROLLBACK;
