-- Every row of DOMAIN.md E.4 for deliveries, both sides of each bound, over the national holiday of 2026: Thursday 1 to
-- Wednesday 7 October; work goes on on the 8th, and Saturday the 10th is worked. Reviews: review_clock.sql; grouping and
-- what is owed after the answer: holding.sql; the weekly digest: digest.sql.
BEGIN;
\ir fixture.psql
SELECT no_plan();
UPDATE setting SET value = '0' WHERE name = 'undo_window_s';
INSERT INTO post (post_id, view, lead_post, topic, ack_topic, active)
VALUES ('committee', 'office', NULL, 'hulei.alert.committee', 'hulei.ack.committee', true),
       ('office', 'office', 'committee', 'hulei.alert.office', 'hulei.ack.office', true),
       ('justice-bureau', 'judicial', 'office', 'hulei.alert.justice-bureau', 'hulei.ack.justice-bureau', true);
UPDATE post SET lead_post = 'office' WHERE post_id IN ('bureau', 'civil');
UPDATE post SET lead_post = 'justice-bureau' WHERE post_id = 'justice';

-- What has not left leaves now, with the times its message would state.
CREATE FUNCTION public.leave() RETURNS void LANGUAGE sql AS $$
    UPDATE hulei.delivery d SET state = 'sent', sent_at = c.now, next_at = NULL,
           ack_by = hulei.alert_ack_by(a.sla, t.view, c.now), act_by = hulei.alert_act_by(a.sla, c.now)
    FROM hulei.alert a, hulei.post t, (SELECT hulei.clock() AS now) AS c
    WHERE d.state = 'queued' AND a.alert_id = d.alert_id AND t.post_id = d.post_id;
    UPDATE hulei.outbox SET state = 'sent' WHERE state = 'queued' AND kind = 'alert'
$$;
CREATE FUNCTION public.told(risk bigint, tier int, rule text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    new_pair bigint;
BEGIN
    SELECT p.pair_id INTO new_pair FROM hulei.pair_put(1, risk, tier::smallint, rule, '{NEAR_200M}',
        '{"areas": ["500111004203"]}', public.hash_of(rule || risk), 'test.1', hulei.clock()) AS p;
    PERFORM public.decide(new_pair, 'accept');
    PERFORM public.leave();
    RETURN (SELECT a.alert_id FROM hulei.alert a WHERE a.pair_id = new_pair);
END
$$;
-- What is done for an alert at a post at that moment, one thing after the other.
CREATE FUNCTION public.done_at(moment text, in_alert text, who text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    action text;
    done text[] := '{}';
BEGIN
    PERFORM public.travel_to('2026-' || moment);
    LOOP
        action := hulei.delivery_advance(in_alert, who);
        EXIT WHEN action IN ('planned', 'nothing');
        done := done || concat_ws(' ', replace(action, 'alert_', ''),
            (SELECT e.to_post FROM hulei.escalation e WHERE action = 'alert_escalated' AND e.alert_id = in_alert AND e.post_id = who
             ORDER BY e.step DESC LIMIT 1));
    END LOOP;
    PERFORM public.leave();
    RETURN nullif(array_to_string(done, ', '), '');
END
$$;

SELECT travel_to('2026-09-30 16:00');
CREATE TEMP TABLE pair_alert (tier int, alert text);
INSERT INTO pair_alert VALUES (1, told(2, 1, 'R1')), (2, told(3, 2, 'O1')), (3, told(4, 3, 'Y1')), (4, told(5, 4, 'B2'));
CREATE TEMP TABLE row (n int GENERATED ALWAYS AS IDENTITY, tier int, who text, moment text, done text, what text);
INSERT INTO row (tier, who, moment, done, what) VALUES
    (1, 'station', '09-30 16:14:57', NULL,                                            'to acknowledge: 15 min'),
    (1, 'station', '09-30 16:15:02', 'repeated',                                      'reminded then'),
    (1, 'station', '09-30 16:29:57', NULL,                                            'the next reminder and the lead: 30 min'),
    (1, 'station', '09-30 16:30:05', 'escalated bureau, repeated',                    'both'),
    (1, 'station', '09-30 16:45:02', NULL,                                            'a reminder each 15 min'),
    (1, 'station', '09-30 16:45:08', 'repeated',                                      'from the last one'),
    (1, 'justice', '09-30 16:59:57', NULL,                                            'others: 1 h'),
    (1, 'justice', '09-30 17:00:02', 'escalated justice-bureau, repeated',            'reminded, and not before it their lead'),
    (1, 'station', '09-30 17:59:57', 'repeated',                                      'the office: 2 h'),
    (1, 'station', '09-30 18:00:02', 'escalated office',                              'then'),
    (1, 'station', '09-30 19:59:57', 'repeated',                                      'the committee: 4 h'),
    (1, 'station', '09-30 20:00:02', 'escalated committee',                           'then'),
    (1, 'station', '09-30 20:59:57', 'repeated',                                      'a human: 5 h'),
    (1, 'station', '09-30 21:00:02', 'to_human',                                      'then'),
    (1, 'station', '10-04 12:00:00', NULL,                                            'and nothing after it'),
    (2, 'station', '09-30 19:59:57', NULL,                                            'to acknowledge: 4 h'),
    (2, 'station', '09-30 20:00:02', 'repeated',                                      'reminded then'),
    (2, 'station', '09-30 23:59:57', NULL,                                            'the lead: 8 h, which end with the day'),
    (2, 'station', '10-07 23:59:57', NULL,                                            'seven days stand still'),
    (2, 'station', '10-08 00:00:05', 'escalated bureau, repeated',                    'then, with the next reminder'),
    (2, 'station', '10-08 04:00:02', NULL,                                            'a reminder each 4 h'),
    (2, 'station', '10-08 04:00:08', 'repeated',                                      'from the last one'),
    (2, 'justice', '10-08 15:59:57', NULL,                                            'others: 8 office hours, one of them that day'),
    (2, 'justice', '10-08 16:00:02', 'escalated justice-bureau, escalated office, repeated', 'which are 24 h, too'),
    (2, 'station', '10-08 15:59:57', 'repeated',                                      'the office: 24 h'),
    (2, 'station', '10-08 16:00:02', 'escalated office',                              'then'),
    (2, 'station', '10-08 23:59:57', 'repeated',                                      'a human: 32 h'),
    (2, 'station', '10-09 00:00:02', 'to_human',                                      'then'),
    (3, 'station', '10-07 16:00:02', NULL,                                            'no day of the holiday counts'),
    (3, 'station', '10-08 15:59:57', NULL,                                            'to acknowledge: a working day'),
    (3, 'station', '10-08 16:00:02', 'repeated',                                      'reminded then'),
    (3, 'justice', '10-08 16:00:02', 'repeated',                                      'others, too'),
    (3, 'station', '10-09 15:59:57', NULL,                                            'the lead: 2 days'),
    (3, 'station', '10-09 16:00:05', 'escalated bureau, repeated',                    'then, with the daily reminder'),
    (3, 'justice', '10-09 16:00:05', 'escalated justice-bureau, repeated',            'others, too'),
    (3, 'station', '10-10 15:59:57', NULL,                                            'a human: 3 days'),
    (3, 'station', '10-10 16:00:02', 'to_human',                                      'on a Saturday that is worked'),
    (4, 'station', '12-31 16:00:00', NULL,                                            'blue waits for nobody');
SELECT is(done_at(r.moment, a.alert, r.who), r.done, format('tier %s, %s, sent 09-30 16:00, at %s: %s', r.tier, r.who, r.moment, r.what))
FROM (SELECT * FROM row ORDER BY tier, who, n) AS r JOIN pair_alert a USING (tier) ORDER BY r.tier, r.who, r.n;

-- ---- an emergency, on the eve of the holiday ----

SELECT travel_to('2026-09-30 23:50');
CREATE TEMP TABLE alarm AS
SELECT t.alert_id AS alert
FROM emergency_take('hulei.emergency.police', 0, 1, 'urn:hulei:test:watches', 'police', 13::smallint, 's-1',
    public.hash_of('event'), clock(), 'E1', 1::smallint, '{SOS}', '{"areas": ["500111004203"], "children": 1}', 1,
    nextval('emergency_key'), sha256('a') || sha256('b'), '\x01', '\x02', public.hash_of('watch')) AS t;
SELECT leave();
SELECT is(done_at(v.moment, a.alert, v.who), v.done, format('emergency, %s, told 09-30 23:50, at %s: %s', v.who, v.moment, v.what))
FROM alarm a, (VALUES
    (1,  'station', '09-30 23:52:57', NULL,                                  'to acknowledge: 3 min'),
    (2,  'station', '09-30 23:53:02', 'repeated',                            'reminded then'),
    (3,  'station', '09-30 23:55:57', NULL,                                  'the duty chief: 6 min'),
    (4,  'station', '09-30 23:56:05', 'escalated bureau, repeated',          'then, with the reminder each 3 min'),
    (5,  'station', '09-30 23:59:02', NULL,                                  'from the last one'),
    (6,  'station', '09-30 23:59:08', 'repeated',                            'then'),
    (7,  'station', '10-01 00:04:57', 'repeated',                            'the office: 15 min, holiday or not'),
    (8,  'station', '10-01 00:05:02', 'escalated office',                    'then'),
    (9,  'station', '10-01 00:09:57', 'repeated',                            'a human: 20 min'),
    (10, 'station', '10-01 00:10:02', 'to_human',                            'then'),
    (11, 'civil',   '10-01 00:04:57', NULL,                                  'others: 15 min'),
    (12, 'civil',   '10-01 00:05:02', 'escalated office, escalated committee, repeated', 'and the two above them with it'))
    AS v (n, who, moment, done, what) ORDER BY v.n;

-- Who takes one on acts at once and owes an outcome in 3 days, all of them holidays.
CREATE TEMP TABLE taken AS SELECT alert FROM alarm;
SELECT travel_to('2026-09-30 23:51');
SELECT answer_take(alert, 'station', 'acked', '', '') FROM taken;
SELECT is((SELECT o.what || ' ' || to_char(o.at AT TIME ZONE 'Asia/Shanghai', 'MM-DD HH24:MI') FROM delivery d, delivery_owes(d) AS o
           WHERE d.alert_id = alert AND d.post_id = 'station'), 'NOT_ACTED 09-30 23:50', 'first action: at once') FROM taken;
SELECT is(done_at(v.moment, t.alert, 'station'), v.done, format('emergency, acknowledged, at %s: %s', v.moment, v.what))
FROM taken t, (VALUES (1, '09-30 23:51:01', 'overdue', 'who has not acted'),
                      (2, '10-03 23:49:57', NULL,      'an outcome: 3 days'),
                      (3, '10-03 23:50:02', 'overdue', 'then')) AS v (n, moment, done, what) ORDER BY v.n;

SELECT is_empty('SELECT * FROM audit_verify()', 'the audit chain is sound');
SELECT * FROM finish();
ROLLBACK;
