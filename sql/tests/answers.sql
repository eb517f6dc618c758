BEGIN;
\ir fixture.psql
SELECT plan(41);
UPDATE setting SET value = '0' WHERE name = 'undo_window_s';

-- An accepted pair in both areas of the fixture: station, station-far and justice are told.
CREATE FUNCTION public.told_pair(risk bigint, evidence text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    new_pair bigint;
BEGIN
    SELECT p.pair_id INTO new_pair FROM hulei.pair_put(1, risk, 2::smallint, 'O1', '{NEAR_200M}',
        '{"areas": ["500111004203", "500111005201"]}', public.hash_of(evidence), 'test.1', clock_timestamp()) AS p;
    PERFORM public.decide(new_pair, 'accept');
    PERFORM public.send_all();
    RETURN new_pair;
END
$$;
CREATE FUNCTION public.answer(in_pair bigint, who text, state text, outcome text DEFAULT '')
    RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws('+', CASE WHEN a.is_reopened THEN 'reopened' END, CASE WHEN a.is_rerouted THEN 'rerouted' END)
    FROM (SELECT alert_id FROM hulei.alert WHERE pair_id = in_pair AND msg IN ('alert', 'update')
          ORDER BY created_at DESC LIMIT 1) AS newest
    CROSS JOIN LATERAL hulei.answer_take(newest.alert_id, who, state, outcome, 'u-7') AS a
$$;
CREATE FUNCTION public.delivery_of(in_pair bigint, who text) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', d.state, d.outcome_code) FROM hulei.delivery d JOIN hulei.alert a USING (alert_id)
    WHERE a.pair_id = in_pair AND d.post_id = who AND a.msg IN ('alert', 'update') ORDER BY a.created_at DESC LIMIT 1
$$;
CREATE FUNCTION public.state_of(in_pair bigint) RETURNS text LANGUAGE sql AS
    $$ SELECT state FROM hulei.pair WHERE pair_id = in_pair $$;

-- All who live apart are told, and a pair is closed when all of them have closed.
CREATE TEMP TABLE closing AS SELECT told_pair(2, 'closing') AS pair;
SELECT set_eq($$ SELECT post_id FROM delivery $$, ARRAY['station', 'station-far', 'justice'],
              'both stations where child and person live apart, and the judicial office');
SELECT is(answer(pair, 'station', 'acked'), '', 'an acknowledgement leads to nothing') FROM closing;
SELECT is(delivery_of(pair, 'station'), 'acked', 'but its delivery follows') FROM closing;
SELECT is(answer(pair, 'station', 'acting'), '', 'nor does acting') FROM closing;
SELECT is(answer(pair, 'station', 'closed', 'done'), '', 'one has closed') FROM closing;
SELECT is(state_of(pair), 'accepted', 'two have not') FROM closing;
SELECT is((SELECT count(*) FROM outbox WHERE kind = 'outcome'), 2::bigint, 'the two departments hear of it');
SELECT results_eq($$ SELECT topic, convert_from(payload, 'UTF8')::jsonb #- '{outcomes,0,at}' FROM outbox
                     WHERE kind = 'outcome' ORDER BY topic $$,
    $$ VALUES ('hulei.receipt.civil-affairs.children', '{"source": "urn:hulei:test:children", "outcomes":
                  [{"subject": "C-1", "outcome": "done", "by": "police"}]}'::jsonb),
              ('hulei.receipt.judicial.register', '{"source": "urn:hulei:test:risk", "outcomes":
                  [{"subject": "R-1", "outcome": "done", "by": "police"}]}') $$,
    'each in the words of its own keys, and of no other''s');
SELECT is(answer(pair, 'station-far', 'closed', 'already_known'), '', 'the second') FROM closing;
SELECT is(answer(pair, 'justice', 'closed', 'done'), '', 'the third') FROM closing;
SELECT is(state_of(pair), 'closed', 'closes the pair') FROM closing;
SELECT is((SELECT count(*) FROM outbox o JOIN alert a USING (alert_id) WHERE a.msg = 'close'), 3::bigint,
          'and all three are told so');
SELECT is((SELECT actor FROM audit_entry WHERE action = 'pair_close'), 'justice', 'by the last that answered');

-- Cannot: handed on at once.
CREATE TEMP TABLE passing AS SELECT told_pair(3, 'passing') AS pair;
SELECT is(answer(pair, 'station', 'cannot', 'moved'), 'rerouted', 'its lead gets what a post cannot do') FROM passing;
SELECT is(delivery_of(pair, 'bureau'), 'queued', 'at once') FROM passing;
SELECT is((SELECT step FROM escalation WHERE to_post = 'bureau'), 0, 'as a step of its own');
SELECT is(answer(pair, 'station-far', 'cannot'), '', 'the same lead gets it once') FROM passing;
SELECT is((SELECT count(*) FROM review_task WHERE kind = 'delivery' AND state = 'open'), 1::bigint,
          'and a human hears of the second');
SELECT is(answer(pair, 'justice', 'cannot'), '', 'a post without a lead') FROM passing;
SELECT is((SELECT count(*) FROM review_task WHERE kind = 'delivery' AND state = 'open'), 1::bigint,
          'asks the same human question');
SELECT is(state_of(pair), 'accepted', 'nobody closed it') FROM passing;
SELECT send_all();
SELECT is(answer(pair, 'bureau', 'acting'), '', 'the lead takes it on') FROM passing;
SELECT is((SELECT count(*) FROM review_task WHERE kind = 'delivery' AND state = 'open'), 0::bigint,
          'which answers the question');
SELECT is(answer(pair, 'bureau', 'closed', 'done'), '', 'and closes') FROM passing;
SELECT is(state_of(pair), 'closed', 'for those who could not') FROM passing;

-- Wrong person: a reviewer looks again, and what was told stands until then.
CREATE TEMP TABLE wrong AS SELECT told_pair(4, 'wrong') AS pair;
SELECT is(answer(pair, 'station', 'closed', 'wrong_person'), 'reopened', 'the wrong person reopens the pair') FROM wrong;
SELECT is(state_of(pair), 'in_review', 'for review') FROM wrong;
SELECT results_eq($$ SELECT t.detail, t.due_at > clock_timestamp() FROM review_task t JOIN wrong w ON w.pair = t.pair_id
                     WHERE t.state = 'open' $$,
                  $$ VALUES ('{"reopened": "WRONG_PERSON", "post": "station"}'::jsonb, true) $$,
                  'the task says why, and its time begins now');
SELECT is((SELECT count(*) FROM alert_standing((SELECT pair FROM wrong))), 3::bigint, 'nothing is withdrawn yet');
SELECT is((SELECT count(*) FROM command WHERE payload->>'verdict' = 'reopen'), 1::bigint, 'the engine hears of it');
SELECT is(answer(pair, 'justice', 'cannot', 'wrong_address'), '', 'a second one finds it in review') FROM wrong;
SELECT is(decide(pair, 'reject'), 'rejected', 'the reviewer agrees') FROM wrong;
SELECT is((SELECT count(*) FROM alert a JOIN wrong w ON w.pair = a.pair_id JOIN delivery d USING (alert_id)
           WHERE a.msg = 'cancel'), 3::bigint, 'and all three hear that it does not hold');
SELECT is(answer_of.state, 'acked', 'an answer to a cancel counts for itself')
FROM wrong w
JOIN alert a ON a.pair_id = w.pair AND a.msg = 'cancel'
CROSS JOIN LATERAL answer_take(a.alert_id, 'station', 'acked', '', '') AS taken
CROSS JOIN LATERAL (SELECT 'acked' AS state WHERE NOT taken.is_reopened AND NOT taken.is_rerouted) AS answer_of;

-- The false-link figure: closed as done or known is a link that held, the wrong person one that did not; who cannot says
-- nothing of it. The bounds are those of Clopper and Pearson, one-sided.
SELECT results_eq('SELECT checked, wrong FROM false_links()', 'VALUES (3::bigint, 1::bigint)', 'three links were checked, one is wrong');
SELECT ok(abs(share_upper_95(0, 3000) - 0.000998) < 0.000001, 'none of 3,000: the rule of three, 0.1 %');
SELECT ok(abs(share_upper_95(1, 100) - 0.046559) < 0.000001, 'one of a hundred');
SELECT ok(abs(share_upper_95(30, 20000) - 0.002034) < 0.000001, 'thirty of many');
SELECT is(share_upper_95(0, 0), 1::double precision, 'of none nothing is known');

SELECT throws_ok('SELECT as_role(''hulei_engine'', ''SELECT hulei.answer_take(NULL, NULL, NULL, NULL, NULL)'')', '42501',
                 NULL, 'only the courier takes answers');
SELECT is_empty('SELECT * FROM audit_verify()', 'the audit chain is sound');

SELECT * FROM finish();
ROLLBACK;
