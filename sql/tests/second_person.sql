BEGIN;
\ir fixture.psql
SELECT no_plan();
INSERT INTO account (name, os_user, roles, locked)
VALUES ('second', 'hulei-sec', '{second_reviewer}', false), ('second-locked', 'hulei-sel', '{second_reviewer}', true);

CREATE FUNCTION public.pair_of(risk bigint) RETURNS bigint LANGUAGE sql AS
    $$ SELECT pair_id FROM hulei.pair WHERE risk_person = risk $$;
CREATE FUNCTION public.queued(risk bigint) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT o.post_id || ' ' || a.msg || CASE WHEN a.provisional THEN ' provisional' ELSE '' END
    FROM hulei.outbox o JOIN hulei.alert a USING (alert_id) JOIN hulei.pair p USING (pair_id)
    WHERE p.risk_person = risk AND o.state = 'queued'
$$;
CREATE FUNCTION public.open_task(risk bigint) RETURNS text LANGUAGE sql AS
    $$ SELECT kind FROM hulei.review_task WHERE pair_id = public.pair_of(risk) AND state = 'open' $$;

-- ---- signed ----

SELECT put(2, 'ground', tier => 1);
SELECT is(decide(pair_of(2), 'accept'), 'accepted', 'one accepts');
SELECT set_eq($$ SELECT queued(2) $$, ARRAY['station alert provisional', 'justice alert provisional'], 'red goes out provisional');
SELECT is(open_task(2), 'sign', 'a second person is asked');
SELECT ok((SELECT due_at - clock() BETWEEN interval '4 h 58 s' AND interval '4 h 1 min' FROM review_task WHERE state = 'open'),
          'within four hours after it leaves');
SELECT send_all();
SELECT throws_ok($$ SELECT decide(pair_of(2), 'sign') $$, 'HL013', NULL, 'not the one who accepted');
SELECT throws_ok($$ SELECT decide(pair_of(2), 'refuse_sign') $$, 'HL013', NULL, 'who does not refuse either');
SELECT throws_ok(format('SELECT decide(pair_of(2), %L, %L)', 'sign', who), 'HL003', NULL, who || ' does not sign')
FROM unnest(ARRAY['officer', 'locked', 'second-locked', 'nobody']) AS who;
SELECT is(decide(pair_of(2), 'sign', 'second'), 'accepted', 'another signs');
SELECT set_eq($$ SELECT queued(2) $$, ARRAY['station update', 'justice update'], 'which all receivers hear');
SELECT is((SELECT verdict FROM decision d JOIN alert a USING (decision_id) WHERE a.msg = 'update'), 'sign', 'on that decision');
SELECT is(open_task(2), NULL, 'nobody is asked any more');
SELECT is(decide(pair_of(2), 'undo', 'second'), 'accepted', 'a signature is taken back within the minute');
SELECT is_empty($$ SELECT queued(2) $$, 'nothing of it leaves');
SELECT is(open_task(2), 'sign', 'it is asked for again');
SELECT is(decide(pair_of(2), 'sign', 'second'), 'accepted', 'and given');
SELECT send_all();
SELECT throws_ok($$ SELECT decide(pair_of(2), 'refuse_sign', 'second') $$, 'HL002', NULL, 'what is signed is not refused');
SELECT throws_ok($$ SELECT decide(pair_of(2), 'undo', 'second') $$, 'HL006', NULL, 'nor taken back once it left');

-- ---- refused ----

SELECT put(3, 'ground', tier => 1);
SELECT is(decide(pair_of(3), 'accept'), 'accepted', 'one accepts');
SELECT send_all();
SELECT is(decide(pair_of(3), 'refuse_sign', 'reviewer-2'), 'rejected', 'another reviewer refuses');
SELECT set_eq($$ SELECT queued(3) $$, ARRAY['station cancel', 'justice cancel'], 'all receivers hear a cancel');
SELECT is(decide(pair_of(3), 'undo', 'reviewer-2'), 'in_review', 'a refusal is taken back');
SELECT is_empty($$ SELECT queued(3) $$, 'no cancel leaves');
SELECT is(open_task(3), 'pair', 'the pair is reviewed again');
SELECT is(decide(pair_of(3), 'accept'), 'accepted', 'accepted');
SELECT set_eq($$ SELECT queued(3) $$, ARRAY['station update provisional', 'justice update provisional'], 'still provisional');
SELECT send_all();
SELECT is(decide(pair_of(3), 'refuse_sign', 'reviewer-2'), 'rejected', 'refused');
SELECT send_all();
SELECT results_eq($$ SELECT state, changed FROM put(3, 'ground', tier => 1) $$, $$ VALUES ('rejected', false) $$,
                  'the same evidence does not ask again');

-- ---- refused before it left; closed before it was signed ----

SELECT put(4, 'ground', tier => 1);
SELECT is(decide(pair_of(4), 'accept'), 'accepted', 'one accepts');
SELECT is(decide(pair_of(4), 'refuse_sign', 'reviewer-2'), 'rejected', 'another refuses within the minute');
SELECT is_empty($$ SELECT queued(4) $$, 'nobody hears anything');
SELECT put(5, 'ground', tier => 1);
SELECT is(decide(pair_of(5), 'accept'), 'accepted', 'one accepts');
SELECT send_all();
SELECT is((SELECT e.state FROM pair p, pair_event(p.pair_id, p.version, 'close', 'station', '{}') e WHERE p.risk_person = 5),
          'closed', 'the posts act and close');
SELECT send_all();
SELECT is(open_task(5), 'sign', 'a signature is still asked for');
SELECT is(decide(pair_of(5), 'refuse_sign', 'second'), 'rejected', 'and refused');
SELECT set_eq($$ SELECT queued(5) $$, ARRAY['station cancel', 'justice cancel'], 'who had read it hears');

-- ---- news before the signature ----

SELECT put(6, 'ground', tier => 1);
SELECT is(decide(pair_of(6), 'accept'), 'accepted', 'one accepts');
SELECT send_all();
SELECT put(6, 'less', tier => 2);
SELECT is(open_task(6), 'pair', 'what changed is accepted anew before anybody signs');
SELECT throws_ok($$ SELECT decide(pair_of(6), 'sign', 'second') $$, 'HL002', NULL, 'nothing to sign');
SELECT is(decide(pair_of(6), 'accept'), 'accepted', 'accepted');
SELECT set_eq($$ SELECT queued(6) $$, ARRAY['station update', 'justice update'], 'orange is not provisional');
SELECT is(open_task(6), NULL, 'and needs no second person');
SELECT is((SELECT count(*) FROM review_task WHERE kind = 'sign' AND tier <> 1), 0::bigint, 'nor did any');

SELECT * FROM finish();
ROLLBACK;
