-- In a database of its own, for each day is a transaction.
CREATE DATABASE walk TEMPLATE hulei;
\c walk
BEGIN;
\ir ../fixture.psql
\ir ../expiry_engine.psql
SELECT plan(9);

-- Three years, day by day: records of all kinds that end on days of their own, their pairs told to posts; on every day nothing
-- is left of what ended, whoever was told hears the cancel, and what is no record goes when its time is over.
UPDATE retention SET keep = '1 year' WHERE keep = '3 years'; -- so that the walk sees it go; three years stand in expiry.sql
SELECT travel_to('2026-12-01 09:00');
DELETE FROM mention;
DELETE FROM record;
DELETE FROM person;

-- 150 persons, each with a record that ends within the three years; every third is a child, the next two are of concern.
INSERT INTO person (person_id, grade, created_at, updated_at)
SELECT n, 'strong', now(), now() FROM generate_series(1, 150) AS n;
INSERT INTO data_key (data_key_id, wrapped) SELECT 1000 + n, sha256(n::text::bytea) || sha256('w') FROM generate_series(1, 150) AS n;
INSERT INTO record (record_id, source_id, type, subject, state, version_time, part, off, event_id, digest, data_key_id, body, facts,
                    updated_at, ends_on, ends_rule, basis)
SELECT 1000 + n, CASE n % 3 WHEN 0 THEN 1 ELSE 2 END, (ARRAY[1, 5, 7])[1 + n % 3], 'N-' || n, 'live', '2026-03-01', 0, 100 + n, 'n' || n,
       substr(sha256(n::text::bytea), 1, 16), 1000 + n, '\x01aa', '\x01', now(), date '2026-12-02' + (n * 977) % 1090,
       (ARRAY['birthday_18', 'status_end', 'release', 'term', 'order_end', 'until', 'death', 'appeal', 'assumed', 'withdrawn'])[1 + n / 3 % 10],
       substr(sha256(('case' || n)::bytea), 1, 16)
FROM generate_series(1, 150) AS n;
INSERT INTO mention (mention_id, record_id, slot, role, person_id, canonical, features)
SELECT 16 * record_id, record_id, 0, 0, record_id - 1000, substr(sha256(record_id::text::bytea), 1, 8), '\x01' FROM record;
CREATE TEMP TABLE told AS
SELECT p.pair_id, c.n AS child, c.n + k AS risk
FROM generate_series(3, 147, 3) AS c (n), generate_series(1, 2) AS k
CROSS JOIN LATERAL pair_put(c.n, c.n + k, 2::smallint, 'O1', '{NEAR_200M}', '{"areas": ["500111004203"]}', hash_of('w' || c.n || k), 'test.1',
                            '2026-03-01 00:00:00+00') AS p;
SELECT count(decide(pair_id, 'accept')) FROM told;
SELECT send_all();
UPDATE delivery SET state = 'acked', acked_at = clock() WHERE post_id = 'station';
SELECT is((SELECT count(*) FROM delivery WHERE state IN ('sent', 'acked')), 196::bigint, '98 pairs, two posts each know of them');

-- What happens on every day of an office: messages are refused, seen and counted, posts draw receipts, somebody sends a ledger.
CREATE FUNCTION public.office_day(n int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO hulei.parked (topic, part, off, source_id, event_id, code, field, rule, stage, first_seen, attempts, state, data_key_id, body)
    SELECT 't', 0, n, 1, 'p' || n, 'schema', 'data', 'rule', 'schema', hulei.clock(), 1, 'parked', NULL, '\x01' WHERE n % 10 = 0;
    INSERT INTO hulei.seen_event VALUES (1, substr(sha256(('s' || n)::bytea), 1, 16), hulei.clock());
    INSERT INTO hulei.feed_counter VALUES ('t', 1, hulei.clock_day(), 'accepted', 1);
    INSERT INTO hulei.command (kind, payload, created_by, applied_at) VALUES ('erase', '{}', 'x', hulei.clock());
    INSERT INTO hulei.person_event (person_id, kind, at) VALUES (9999, 'created', hulei.clock());
    UPDATE hulei.outbox SET state = 'sent', sent_at = hulei.clock() WHERE kind <> 'alert' AND state = 'queued'
$$;
-- What is kept a day too long, by kind; asked of the tables, not of the expiry engine.
CREATE FUNCTION public.kept_too_long() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(what || ' ' || n, ', ') FROM (
        SELECT 'record' AS what, count(*) AS n FROM hulei.record WHERE ends_on < hulei.clock_day()
        UNION ALL SELECT 'key of nothing', count(*) FROM hulei.data_key k
            WHERE data_key_id > 1000 AND NOT EXISTS (SELECT FROM hulei.record r WHERE r.data_key_id = k.data_key_id)
        UNION ALL SELECT 'pair of nothing', count(*) FROM hulei.pair p
            WHERE p.state NOT IN ('expired', 'retracted') AND (SELECT count(*) FROM hulei.mention m WHERE m.person_id IN (p.child_person, p.risk_person)) < 2
        UNION ALL SELECT r.what, count(*) FROM hulei.retention r CROSS JOIN LATERAL (
            SELECT FROM hulei.alert a JOIN hulei.pair p USING (pair_id)
            WHERE r.what = 'alert' AND p.state = 'expired' AND greatest(a.created_at, p.updated_at) < hulei.clock() - r.keep - interval '1 day'
            UNION ALL SELECT FROM hulei.pair p WHERE r.what = 'pair' AND p.state = 'expired' AND p.updated_at < hulei.clock() - r.keep - interval '2 days'
            UNION ALL SELECT FROM hulei.audit_entry e WHERE r.what = 'audit' AND e.at < hulei.clock() - r.keep - interval '1 day'
                AND e.seq < (SELECT l.head_seq FROM hulei.audit_lane l WHERE l.lane = e.lane) - 40 -- those of today bear the true time
            UNION ALL SELECT FROM hulei.person_event e WHERE r.what = 'person_event' AND e.at < hulei.clock() - r.keep - interval '1 day'
            UNION ALL SELECT FROM hulei.outbox o WHERE r.what = 'receipt' AND o.kind = 'receipt' AND o.sent_at < hulei.clock() - r.keep - interval '1 day'
            UNION ALL SELECT FROM hulei.parked q WHERE r.what = 'parked_body' AND q.body IS NOT NULL AND q.first_seen < hulei.clock() - r.keep - interval '1 day'
            UNION ALL SELECT FROM hulei.parked q WHERE r.what = 'parked' AND q.first_seen < hulei.clock() - r.keep - interval '1 day'
            UNION ALL SELECT FROM hulei.seen_event e WHERE r.what = 'seen_event' AND e.seen_at < hulei.clock() - r.keep - interval '1 day'
            UNION ALL SELECT FROM hulei.command c WHERE r.what = 'command' AND c.applied_at < hulei.clock() - r.keep - interval '1 day'
            UNION ALL SELECT FROM hulei.feed_counter f WHERE r.what = 'feed_counter' AND f.day < hulei.clock_day() - 367) AS old
        GROUP BY r.what) AS x
    WHERE n > 0
$$;
-- Pairs whose records ended that are still held by a post which was told of them.
CREATE FUNCTION public.held_by_posts() RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*) FROM told t JOIN hulei.pair p USING (pair_id), unnest('{station,justice}'::text[]) AS post
    WHERE p.state = 'expired'
      AND NOT EXISTS (SELECT FROM hulei.delivery d JOIN hulei.alert a USING (alert_id)
                      WHERE a.pair_id = t.pair_id AND a.msg = 'cancel' AND d.post_id = post AND d.sent_at IS NOT NULL)
      AND EXISTS (SELECT FROM hulei.alert a WHERE a.pair_id = t.pair_id)
$$;

CREATE TEMP TABLE fault (day date, what text);
CREATE TEMP TABLE walked (day date, ended bigint, debt_before bigint);
COMMIT;
DO $$
DECLARE
    due bigint;
BEGIN
    FOR n IN 1 .. 1100 LOOP
        PERFORM travel_to((date '2026-12-01' + n) || ' 09:00');
        PERFORM office_day(n);
        due := expiry_debt();
        PERFORM expiry_turn(200);
        PERFORM engine_turn();
        PERFORM expiry_turn(200);
        PERFORM send_all();
        INSERT INTO walked SELECT clock_day(), count(*), due FROM erasure WHERE done_at IS NOT NULL;
        INSERT INTO fault SELECT clock_day(), 'debt ' || d.n FROM expiry_debt() AS d (n) WHERE d.n <> 0;
        INSERT INTO fault SELECT clock_day(), h.n || ' cancels missing' FROM held_by_posts() AS h (n) WHERE h.n <> 0;
        IF n % 7 = 0 THEN
            INSERT INTO fault SELECT clock_day(), 'kept: ' || k FROM kept_too_long() AS k WHERE k IS NOT NULL;
        END IF;
        COMMIT;
    END LOOP;
END
$$;
SELECT is((SELECT count(*) FROM walked), 1100::bigint, 'every day was walked');
SELECT is((SELECT count(*) FROM walked WHERE debt_before > 0), (SELECT count(DISTINCT (n * 977) % 1090) FROM generate_series(1, 150) AS n),
          'on each day after an end something was due');
SELECT results_eq($$ SELECT day, what FROM fault ORDER BY 1 LIMIT 20 $$, $$ SELECT NULL::date, NULL::text WHERE false $$,
                  'on no day anything was left: debt, cancels; and in no week keys, pairs, rows kept too long');
SELECT is((SELECT max(ended) FROM walked), 150::bigint, 'every record ended');
SELECT is((SELECT count(DISTINCT rule) FROM erasure), 10::bigint, 'by each of the ten rules');
SELECT is_empty('SELECT FROM record', 'no record is left');
SELECT ok((SELECT count(*) FROM told t WHERE NOT EXISTS (SELECT FROM pair p WHERE p.pair_id = t.pair_id)) > 40,
          'pairs that ended a year before are gone, too');
SELECT is_empty('SELECT * FROM audit_verify()', 'and the audit chain is sound');

SELECT * FROM finish();
