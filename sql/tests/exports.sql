BEGIN;
\ir fixture.psql
SELECT plan(13);

-- Tables of the overview that leave as a file.
INSERT INTO account (name, roles, department) VALUES ('export-op', '{operator}', NULL), ('export-rev', '{reviewer}', NULL);
INSERT INTO session (token_hash, account_id, state, ends_at)
SELECT sha256(convert_to('t-' || name, 'UTF8')), account_id, 'active', clock_timestamp() + interval '1 hour' FROM account
WHERE name LIKE 'export-%';
SELECT set_config('hulei.session', 't-export-rev', true);
SELECT throws_ok($$ SELECT office_export('queue_age', 8, 'review') $$, 'HL003', NULL, 'a reviewer takes nothing along');

SELECT is(export_cell('=1+1', false), '"''=1+1"', 'no formula');
SELECT is(export_cell('a"b', false), '"a""b"', 'quotes are doubled');
SELECT is(export_cell(NULL, true), '<5', 'a suppressed cell says so');
SELECT is(export_rows('alerts', '[{"week": "2026-03-02", "post": "p", "tier": 1, "count": null}, {"week": "2026-03-09", "post": "p",
    "tier": 2, "count": 7}]', 50), E'week,post,tier,count\r\n"2026-03-09","p","2","7"\r\n"2026-03-02","p","1",<5\r\n',
    'rows, the newest week first, small cells suppressed');
SELECT is(export_rows('coverage', '[{"source": "u", "type": "child", "held": 12, "control": null}]', 50),
    E'source,type,held,control\r\n"u","child","12",""\r\n', 'no control total is no suppressed cell');
SELECT is(regexp_count(export_rows('precision', (SELECT jsonb_agg(jsonb_build_object('rule', n, 'accepted', 9, 'reviewed', 9))
    FROM generate_series(1, 80) AS n), 50), '\r\n'), 51, 'fifty rows and the head');
SELECT is_empty($$ SELECT f FROM unnest(ARRAY['queue_age', 'deadlines', 'precision', 'alerts', 'address_health', 'coverage',
    'feeds_silent']) AS f WHERE NOT EXISTS (SELECT FROM export_columns(f)) $$, 'every table has its columns');

SELECT set_config('hulei.session', 't-export-op', true);
CREATE TEMP TABLE taken AS SELECT office_export('feeds_silent', NULL, 'review') AS csv;
SELECT matches((SELECT csv FROM taken), E'\r\n# hulei,account=export-op,at=[^,]+,audit=console:[0-9]+,purpose=review,rows=[0-9]+/[0-9]+,sha256=[0-9a-f]{64}\r\n$',
    'the last line is the mark');
SELECT is((SELECT detail->>'sha256' FROM audit_entry WHERE action = 'export' AND actor = 'export-op'),
    (SELECT encode(sha256(convert_to(substr(csv, 2, position('# hulei' IN csv) - 2), 'UTF8')), 'hex') FROM taken),
    'the audit chain holds the digest of the lines before it');
SELECT is((SELECT seq::text FROM audit_entry WHERE action = 'export' AND actor = 'export-op'),
    (SELECT substring(csv FROM 'audit=console:([0-9]+)') FROM taken), 'and the mark names the entry');
UPDATE setting SET value = '2' WHERE name = 'export_quota';
SELECT lives_ok($$ SELECT office_export('coverage', 4, 'review') $$, 'a second one');
SELECT throws_ok($$ SELECT office_export('coverage', 4, 'review') $$, 'HL025', NULL, 'then the day''s quota is used up');
SELECT * FROM finish();
ROLLBACK;
