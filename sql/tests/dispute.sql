BEGIN;
\ir fixture.psql
SELECT no_plan();

CREATE FUNCTION public.pair_of(risk bigint) RETURNS bigint LANGUAGE sql AS
    $$ SELECT pair_id FROM hulei.pair WHERE risk_person = risk $$;
CREATE FUNCTION public.fire(risk bigint, event text, detail jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
    SELECT e.state FROM hulei.pair p, hulei.pair_event(p.pair_id, p.version, event, 'engine', detail) AS e
    WHERE p.risk_person = risk
$$;
-- What is queued for the posts of a pair.
CREATE FUNCTION public.queued(risk bigint) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT o.post_id || ' ' || a.msg || CASE WHEN 'DISPUTED' = ANY (a.reasons) THEN ' disputed' ELSE '' END
           || CASE WHEN a.provisional THEN ' provisional' ELSE '' END
    FROM hulei.outbox o JOIN hulei.alert a USING (alert_id) JOIN hulei.pair p USING (pair_id)
    WHERE p.risk_person = risk AND o.state = 'queued'
$$;
CREATE FUNCTION public.accepted(risk bigint, tier int) RETURNS text LANGUAGE sql AS $$
    SELECT public.put(risk, 'ground', tier => tier);
    SELECT public.decide(public.pair_of(risk), 'accept');
    SELECT public.send_all();
    SELECT state FROM hulei.pair WHERE risk_person = risk
$$;

-- ---- below red what was told is suspended ----

SELECT is(accepted(2, 2), 'accepted', 'an orange pair was told');
SELECT is(fire(2, 'dispute'), 'disputed', 'it is disputed');
SELECT set_eq($$ SELECT queued(2) $$, ARRAY['station cancel', 'justice cancel'], 'all receivers hear a cancel');
SELECT send_all();
SELECT results_eq($$ SELECT state, changed FROM put(2, 'ground') $$, $$ VALUES ('disputed', false) $$,
                  'the rules say the same: nothing happens');
SELECT throws_ok($$ SELECT decide(pair_of(2), 'accept') $$, 'HL002', NULL, 'nobody accepts what is disputed');
SELECT is(fire(2, 'dispute_end', '{"outcome": "rejected"}'), 'accepted', 'the objection is rejected');
SELECT set_eq($$ SELECT queued(2) $$, ARRAY['station alert', 'justice alert'], 'what was accepted is told again');
SELECT results_eq($$ SELECT DISTINCT a.decision_id FROM alert a JOIN outbox o USING (alert_id) WHERE o.state = 'queued' $$,
                  $$ SELECT decision_id FROM decision WHERE pair_id = pair_of(2) AND verdict = 'accept' $$,
                  'on the decision of the one who accepted it');
SELECT send_all();
SELECT is(fire(2, 'dispute'), 'disputed', 'disputed once more');
SELECT send_all();
SELECT is(fire(2, 'dispute_end', '{"outcome": "upheld"}'), 'retracted', 'the objection is upheld');
SELECT is_empty($$ SELECT queued(2) $$, 'nobody holds anything any more: nothing is sent');
SELECT results_eq($$ SELECT reasons, evidence FROM pair WHERE risk_person = 2 $$, $$ VALUES ('{}'::text[], '{}'::jsonb) $$,
                  'the pair keeps no reasons');

-- ---- red stays, with the mark ----

SELECT is(accepted(3, 1), 'accepted', 'a red pair was told');
SELECT is(fire(3, 'dispute'), 'disputed', 'it is disputed');
SELECT set_eq($$ SELECT queued(3) $$, ARRAY['station update disputed provisional', 'justice update disputed provisional'],
              'all receivers hear that it is');
SELECT send_all();
SELECT is((SELECT kind FROM review_task WHERE pair_id = pair_of(3) AND state = 'open'), 'sign', 'a signature is still asked for');
SELECT is(decide(pair_of(3), 'sign', 'reviewer-2'), 'disputed', 'and may be given');
SELECT set_eq($$ SELECT queued(3) $$, ARRAY['station update disputed', 'justice update disputed'], 'which all hear');
SELECT send_all();
SELECT is(fire(3, 'dispute_end', '{"outcome": "rejected"}'), 'accepted', 'the objection is rejected');
SELECT set_eq($$ SELECT queued(3) $$, ARRAY['station update', 'justice update'], 'the mark goes');
SELECT send_all();
SELECT is(fire(3, 'dispute'), 'disputed', 'disputed once more');
SELECT send_all();
SELECT is(fire(3, 'dispute_end', '{"outcome": "upheld"}'), 'retracted', 'the objection is upheld');
SELECT set_eq($$ SELECT queued(3) $$, ARRAY['station cancel', 'justice cancel'], 'all receivers hear a cancel');
SELECT send_all();

-- ---- what was not told ----

SELECT lives_ok($$ SELECT put(4, 'ground') $$, 'a pair in review');
SELECT is(fire(4, 'dispute'), 'disputed', 'is disputed');
SELECT results_eq($$ SELECT state FROM review_task WHERE pair_id = pair_of(4) $$, $$ VALUES ('cancelled') $$, 'nobody reviews it');
SELECT results_eq($$ SELECT state, changed FROM put(4, 'other ground') $$, $$ VALUES ('disputed', true) $$, 'it changes');
SELECT travel('3 days');
SELECT is(fire(4, 'dispute_end', '{"outcome": "rejected"}'), 'in_review', 'and is reviewed when the objection is rejected');
SELECT is((SELECT due_at > clock() FROM review_task WHERE pair_id = pair_of(4) AND state = 'open'), true,
          'with the whole time for it');
SELECT is(decide(pair_of(4), 'reject'), 'rejected', 'and rejected');
SELECT is(fire(4, 'dispute'), 'disputed', 'who objects to what was rejected');
SELECT is(fire(4, 'dispute_end', '{"outcome": "rejected"}'), 'rejected', 'finds it rejected');
SELECT results_eq($$ SELECT state, changed FROM put(4, 'other ground') $$, $$ VALUES ('rejected', false) $$,
                  'and the same evidence does not ask again');
SELECT is(fire(4, 'dispute'), 'disputed', 'disputed again');
SELECT results_eq($$ SELECT state FROM put(4, 'third ground') $$, $$ VALUES ('disputed') $$, 'new evidence meanwhile');
SELECT is(fire(4, 'dispute_end', '{"outcome": "rejected"}'), 'in_review', 'is reviewed');
SELECT is((SELECT count(*) FROM alert WHERE pair_id = pair_of(4)), 0::bigint, 'none of it told anybody');
SELECT throws_ok($$ SELECT fire(4, 'dispute_end', '{"outcome": "rejected"}') $$, 'HL002', NULL, 'what is not disputed does not end');

-- ---- expiry ----

SELECT is(accepted(5, 3), 'accepted', 'a yellow pair was told');
SELECT is(fire(5, 'expire'), 'expired', 'its time is over');
SELECT set_eq($$ SELECT queued(5) $$, ARRAY['station cancel', 'justice cancel'], 'all receivers hear a cancel');
SELECT results_eq($$ SELECT reasons, evidence FROM pair WHERE risk_person = 5 $$, $$ VALUES ('{}'::text[], '{}'::jsonb) $$,
                  'the pair keeps no reasons');
SELECT send_all();
SELECT is(accepted(6, 2), 'accepted', 'a pair was told');
SELECT is(fire(6, 'close'), 'closed', 'and acted on');
SELECT send_all();
SELECT is(fire(6, 'expire'), 'expired', 'its time is over');
SELECT set_eq($$ SELECT queued(6) $$, ARRAY['station cancel', 'justice cancel'], 'who had read it erases it');
SELECT throws_ok($$ SELECT as_role('hulei_console', 'SELECT hulei.pair_event(pair_id, version, ''expire'', ''c'', ''{}'')
                                                     FROM hulei.pair WHERE risk_person = 4') $$, 'HL003', NULL,
                 'no reviewer makes a pair expire');

SELECT * FROM finish();
ROLLBACK;
