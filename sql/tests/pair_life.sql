BEGIN;
\ir fixture.psql
SELECT no_plan();

-- Every (event, state): the matrix of E.2, written a second time. Rows are events (an undo with the verdict it takes
-- back, the end of a dispute with its outcome), columns the states before; a dot is impossible.
CREATE TEMP TABLE cell (event text, outcome text, candidate text, in_review text, needs_info text, accepted text,
                        rejected text, disputed text, closed text, retracted text, expired text);
INSERT INTO cell VALUES
--                                candidate     in_review    needs_info   accepted     rejected     disputed     closed       retracted    expired
    ('open',        '',           'in_review',  '.',         '.',         '.',         '.',         '.',         '.',         '.',         '.'),
    ('update',      '',           '.',          'in_review', 'in_review', 'in_review', 'in_review', 'disputed',  'in_review', 'in_review', 'in_review'),
    ('accept',      '',           '.',          'accepted',  'accepted',  '.',         '.',         '.',         '.',         '.',         '.'),
    ('reject',      '',           '.',          'rejected',  'rejected',  '.',         '.',         '.',         '.',         '.',         '.'),
    ('needs_info',  '',           '.',          'needs_info', '.',        '.',         '.',         '.',         '.',         '.',         '.'),
    ('unsure',      '',           '.',          'in_review', 'in_review', '.',         '.',         '.',         '.',         '.',         '.'),
    ('sign',        '',           '.',          '.',         '.',         'accepted',  '.',         'disputed',  'closed',    '.',         '.'),
    ('refuse_sign', '',           '.',          '.',         '.',         'rejected',  '.',         'disputed',  'rejected',  '.',         '.'),
    ('undo',        'accept',     '.',          '.',         '.',         'in_review', '.',         '.',         '.',         '.',         '.'),
    ('undo',        'reject',     '.',          '.',         '.',         '.',         'in_review', '.',         '.',         '.',         '.'),
    ('undo',        'needs_info', '.',          '.',         'in_review', '.',         '.',         '.',         '.',         '.',         '.'),
    ('undo',        'unsure',     '.',          'in_review', '.',         '.',         '.',         '.',         '.',         '.',         '.'),
    ('undo',        'sign',       '.',          '.',         '.',         'accepted',  '.',         'disputed',  'closed',    '.',         '.'),
    ('undo',        'refuse_sign', '.',         '.',         '.',         '.',         'in_review', 'disputed',  '.',         '.',         '.'),
    ('undo',        'undo',       '.',          '.',         '.',         '.',         '.',         '.',         '.',         '.',         '.'),
    ('undo',        'nothing',    '.',          '.',         '.',         '.',         '.',         '.',         '.',         '.',         '.'),
    ('close',       '',           '.',          '.',         '.',         'closed',    '.',         '.',         '.',         '.',         '.'),
    ('reopen',      '',           '.',          '.',         '.',         'in_review', '.',         '.',         'in_review', '.',         '.'),
    ('dispute',     '',           'disputed',   'disputed',  'disputed',  'disputed',  'disputed',  '.',         'disputed',  '.',         '.'),
    ('dispute_end', 'upheld',     '.',          '.',         '.',         '.',         '.',         'retracted', '.',         '.',         '.'),
    ('dispute_end', 'rejected',   '.',          '.',         '.',         '.',         '.',         'needs_info', '.',        '.',         '.'),
    ('dispute_end', 'forgotten',  '.',          '.',         '.',         '.',         '.',         '.',         '.',         '.',         '.'),
    ('expire',      '',           'expired',    'expired',   'expired',   'expired',   'expired',   'expired',   'expired',   '.',         '.'),
    ('retract',     '',           'retracted',  'retracted', 'retracted', 'retracted', 'retracted', 'retracted', 'retracted', '.',         'retracted'),
    ('withdraw',    '',           '.',          '.',         '.',         '.',         '.',         '.',         '.',         '.',         '.');
CREATE TEMP TABLE subject_pair AS SELECT * FROM put(2, 'life');

CREATE FUNCTION public.attempt(in_event text, in_outcome text, in_state text, resume text DEFAULT 'needs_info')
    RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    p hulei.pair;
    answer text;
BEGIN
    UPDATE hulei.pair SET state = in_state, evidence = '{"areas": ["500111004203"]}', tier = 1,
                          resume_state = CASE in_state WHEN 'disputed' THEN resume END
    RETURNING * INTO p;
    IF in_event IN ('sign', 'refuse_sign') OR in_outcome IN ('sign', 'refuse_sign') THEN
        INSERT INTO hulei.decision (pair_id, pair_version, verdict, reason_code, account_id)
        VALUES (p.pair_id, 0, 'accept', 'TEST', public.account_of('reviewer-2'));
    END IF;
    IF in_event IN ('sign', 'refuse_sign') THEN
        UPDATE hulei.review_task SET kind = 'sign';
    ELSIF in_event = 'undo' AND in_outcome <> 'nothing' THEN
        INSERT INTO hulei.decision (pair_id, pair_version, verdict, reason_code, account_id)
        VALUES (p.pair_id, p.version, in_outcome, 'TEST', public.account_of('reviewer-1'));
        DELETE FROM hulei.review_task WHERE in_outcome = 'sign';
    END IF;
    SELECT e.state INTO answer FROM hulei.pair_event(p.pair_id, p.version, in_event, 'reviewer-1', jsonb_build_object(
        'account_id', public.account_of('reviewer-1'), 'reason_code', 'TEST', 'outcome', in_outcome)) AS e;
    RAISE EXCEPTION USING ERRCODE = 'HL999', MESSAGE = answer;
EXCEPTION
    WHEN SQLSTATE 'HL999' THEN RETURN SQLERRM; -- whatever it did is undone
    WHEN SQLSTATE 'HL002' THEN RETURN '.';
END
$$;
SELECT is(attempt(c.event, c.outcome, s.state), s.after, format('%s %s of %s', c.event, c.outcome, s.state))
FROM cell c
CROSS JOIN LATERAL (VALUES ('candidate', c.candidate), ('in_review', c.in_review), ('needs_info', c.needs_info),
                           ('accepted', c.accepted), ('rejected', c.rejected), ('disputed', c.disputed),
                           ('closed', c.closed), ('retracted', c.retracted), ('expired', c.expired)) AS s (state, after);
SELECT is(attempt('dispute_end', 'rejected', 'disputed', state), state, 'a rejected objection leads back to ' || state)
FROM unnest(ARRAY['candidate', 'in_review', 'needs_info', 'accepted', 'rejected', 'closed']) AS state;
SELECT is_empty($$ SELECT event, outcome FROM (SELECT event, split_part(outcome, ' ', 1) AS outcome FROM pair_transition) AS t
                   EXCEPT SELECT event, outcome FROM cell $$, 'the matrix has every event of the table');

-- Opening.
SELECT results_eq($$ SELECT version, state, changed FROM subject_pair $$, $$ VALUES (1, 'in_review', true) $$,
                  'a new pair is opened for review');
SELECT results_eq($$ SELECT kind, tier, state, due_at FROM review_task $$,
                  $$ VALUES ('pair', 2::smallint, 'open', '2026-03-02 16:00:00+00'::timestamptz) $$,
                  'its task is due 24 h after the record that completed it; a Sunday stands still');
SELECT results_eq($$ SELECT version, state, changed FROM put(2, 'life') $$, $$ VALUES (1, 'in_review', false) $$,
                  'the same evidence changes nothing');
SELECT is((SELECT count(*) FROM review_task), 1::bigint, 'and asks nobody again');
SELECT results_eq($$ SELECT version, state, changed FROM put(2, 'life', tier => 1) $$,
                  $$ VALUES (2, 'in_review', true) $$, 'another tier is news');
SELECT results_eq($$ SELECT tier, due_at FROM review_task WHERE state = 'open' $$,
                  $$ VALUES (1::smallint, '2026-03-01 01:00:00+00'::timestamptz) $$, 'and the open task becomes urgent');

-- Versions and tasks.
SELECT throws_ok($$ SELECT pair_event((SELECT pair_id FROM pair), 1, 'reject', 'r', '{}') $$, 'HL001', NULL,
                 'an old version does not decide');
SELECT throws_ok($$ SELECT decide((SELECT pair_id FROM pair), 'accept', 'locked') $$, 'HL003', NULL,
                 'a locked account does not decide');
SELECT throws_ok($$ SELECT decide((SELECT pair_id FROM pair), 'accept', 'officer') $$, 'HL003', NULL,
                 'an account that is no reviewer does not decide');
SELECT throws_ok($$ SELECT decide((SELECT pair_id FROM pair), 'accept', 'nobody') $$, 'HL003', NULL,
                 'nobody does not decide');
SELECT throws_ok($$
    SELECT pair_event(pair_id, version, 'accept', 'r', jsonb_build_object('account_id', account_of('reviewer-1'),
                      'task_id', 999999)) FROM pair
$$, 'HL001', NULL, 'a task of something else does not decide');
SELECT throws_ok($$ SELECT as_role('hulei_engine', 'SELECT hulei.pair_event(pair_id, version, ''accept'', ''e'', ''{}'')
                                                    FROM hulei.pair') $$, 'HL003', NULL, 'the engine does not decide');
SELECT throws_ok($$ SELECT as_role('hulei_console', 'SELECT hulei.pair_event(pair_id, version, ''retract'', ''c'', ''{}'')
                                                     FROM hulei.pair') $$, 'HL003', NULL,
                 'the console does not say what the rules say');
SELECT is((SELECT count(*) FROM decision), 0::bigint, 'none of this left a decision');
SELECT is((SELECT count(*) FROM alert), 0::bigint, 'nor an alert');

SELECT * FROM finish();
ROLLBACK;
