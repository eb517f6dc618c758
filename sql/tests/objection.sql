BEGIN;
\ir fixture.psql
SELECT plan(48);
INSERT INTO account (name, os_user, roles) VALUES ('op-1', 'hulei-op1', '{operator}'), ('op-2', 'hulei-op2', '{operator}');
SELECT travel_to('2026-06-15 10:00'); -- a Monday; 19 to 21 June are holidays

-- A message of the feed, as record `message` of this source.
CREATE FUNCTION public.arrives(message bigint, source smallint, subject text, type int DEFAULT 19) RETURNS void LANGUAGE sql AS $$
    INSERT INTO hulei.record (record_id, source_id, type, subject, state, version_time, part, off, event_id, digest, updated_at)
    VALUES (message, source, type, subject, 'live', '2026-06-15', 0, message, 'e' || message,
            substr(sha256(message::text::bytea), 1, 16), now())
$$;
CREATE FUNCTION public.object(message bigint, asks text, subject text DEFAULT 'R-1', other text DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
    SELECT hulei.objection_take(message, false, 'urn:hulei:test:risk', 5::smallint, subject, 'urn:hulei:test:risk', 5::smallint, other,
                                NULL, NULL, 'person', 'not_this_person', asks, NULL, NULL)
$$;
CREATE FUNCTION public.correct(message bigint, objection text, asks text, ruling text, reason text DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
    SELECT hulei.objection_take(message, true, 'urn:hulei:test:risk', 5::smallint, 'R-1', NULL, NULL, NULL,
                                'urn:hulei:test:children', objection, 'owner', 'wrong_fact', asks, ruling, reason)
$$;
CREATE TEMP TABLE mine AS SELECT pair_id FROM put(2, 'a');
SELECT decide((SELECT pair_id FROM mine), 'accept');
SELECT send_all();
SELECT put(3, 'b');

-- Open: what rests on the record is disputed, the owner hears of it, and the clock runs in working days.
SELECT arrives(201, 1::smallint, 'O-1');
SELECT lives_ok($$ SELECT as_role('hulei_engine', 'SELECT public.object(201, ''correct'')') $$, 'the engine takes an objection');
SELECT results_eq('SELECT risk_person, state FROM pair ORDER BY 1', $$ VALUES (2::bigint, 'disputed'), (3, 'in_review') $$,
                  'the pairs of the person named are disputed, no other');
SELECT set_eq($$ SELECT o.post_id FROM outbox o JOIN alert a USING (alert_id) WHERE a.msg = 'cancel' AND o.state = 'queued' $$,
              ARRAY['station', 'justice'], 'below red the posts hear a cancel');
SELECT results_eq($$ SELECT date_trunc('minute', confirm_by), date_trunc('minute', answer_by) FROM objection $$,
    $$ VALUES ('2026-06-23 10:00+08'::timestamptz, '2026-06-30 10:00+08'::timestamptz) $$, 'five and ten working days, over a holiday');
SELECT is((SELECT topic FROM outbox WHERE kind = 'receipt' AND convert_from(payload, 'UTF8') LIKE '%"objections"%'),
          'hulei.receipt.judicial.register', 'the record''s owner is told');
SELECT object(201, 'correct');
SELECT is((SELECT count(*) FROM objection), 1::bigint, 'a newer version of it is the same objection');

-- Deadlines: a day before nothing, after it a human; confirmed, only the answer is awaited.
SELECT travel_to('2026-06-23 09:00');
SELECT is(objection_turn(), 0::bigint, 'in time');
SELECT travel_to('2026-06-23 10:01');
SELECT is(objection_turn(), 1::bigint, 'not confirmed: a human has it');
SELECT is(objection_turn(), 0::bigint, 'once');
SELECT is((SELECT detail->>'reason' FROM review_task WHERE kind = 'ask_owner' AND state = 'open'), 'UNCONFIRMED', 'and knows why');
SELECT throws_ok($$ SELECT objection_answer('hulei-rev1', public_id, 'confirm', NULL, NULL, NULL, NULL) FROM objection $$, 'HL003', NULL,
                 'a reviewer is no operator');
SELECT is((SELECT objection_answer('hulei-op1', public_id, 'confirm', NULL, NULL, NULL, NULL) FROM objection), 'open', 'an operator confirms');
SELECT travel_to('2026-06-30 09:59');
SELECT is(objection_turn(), 0::bigint, 'the tenth day is not over');
SELECT travel_to('2026-06-30 10:01');
SELECT is(objection_turn(), 1::bigint, 'not answered');
SELECT is((SELECT count(*) FROM review_task WHERE kind = 'ask_owner'), 1::bigint, 'one task all along');
SELECT is((SELECT detail->>'reason' FROM review_task WHERE kind = 'ask_owner'), 'UNANSWERED', 'with the last reason');

-- Rejected: with a reason only; the pair goes on and its posts are told again.
SELECT throws_ok($$ SELECT objection_answer('hulei-op1', public_id, 'reject', NULL, NULL, NULL, NULL) FROM objection $$, 'HL014', NULL,
                 'a rejection is answered in writing');
SELECT arrives(202, 1::smallint, 'K-1', 20);
SELECT correct(202, 'O-1', 'correct', 'rejected', 'DOC-1');
SELECT is((SELECT state FROM objection WHERE message = 201), 'open', 'another department''s correction decides nothing');
SELECT arrives(203, 2::smallint, 'K-2', 20);
SELECT correct(203, 'O-1', 'correct', 'rejected', 'DOC-1');
SELECT results_eq($$ SELECT state, reason FROM objection WHERE message = 201 $$, $$ VALUES ('rejected', 'DOC-1') $$, 'the owner''s does');
SELECT is((SELECT state FROM pair WHERE risk_person = 2), 'accepted', 'the pair stands as before');
SELECT is((SELECT state FROM review_task WHERE kind = 'ask_owner'), 'done', 'the human is relieved');
SELECT set_eq($$ SELECT topic FROM outbox WHERE kind = 'receipt' AND convert_from(payload, 'UTF8') LIKE '%rejected%' $$,
              ARRAY['hulei.receipt.judicial.register', 'hulei.receipt.civil-affairs.children'], 'both sides get the answer');
SELECT send_all();

-- Two at once: the pair stays disputed until the last is answered.
SELECT arrives(204, 1::smallint, 'O-2');
SELECT arrives(205, 1::smallint, 'O-3');
SELECT object(204, 'correct');
SELECT object(205, 'split', 'R-1', 'R-2');
SELECT objection_answer('hulei-op1', public_id, 'reject', 'R1', NULL, NULL, NULL) FROM objection WHERE message = 204;
SELECT is((SELECT state FROM pair WHERE risk_person = 2), 'disputed', 'one of two is rejected');

-- Upheld: everybody deletes, the persons are kept apart, what still holds is looked at anew.
SELECT is((SELECT objection_answer('hulei-op1', public_id, 'uphold', NULL, NULL, NULL, NULL) FROM objection WHERE message = 205),
          'upheld', 'the other is upheld');
SELECT results_eq('SELECT mention_a, mention_b, verdict, account_id FROM identity_decision',
                  $$ VALUES (1632::bigint, 1648::bigint, 'different', NULL::bigint) $$, 'an edge keeps the two records apart');
SELECT is((SELECT payload ? 'objection_id' FROM command WHERE kind = 'identity_decided'), true, 'the engine learns of it');
SELECT is((SELECT state FROM pair WHERE risk_person = 2), 'in_review', 'the pair is reviewed anew');
SELECT isnt_empty($$ SELECT FROM pair_log WHERE event = 'dispute_end' AND to_state = 'retracted' $$, 'after it was taken back');

-- Erase: the record goes by the guarded way; withdrawn: nothing happened.
SELECT arrives(206, 1::smallint, 'O-4');
SELECT object(206, 'erase');
SELECT is((SELECT objection_answer('hulei-op1', public_id, 'uphold', NULL, NULL, NULL, NULL) FROM objection WHERE message = 206), 'upheld',
          'erasure is upheld');
SELECT results_eq('SELECT reason, state FROM erasure_request', $$ VALUES ('objection', 'waiting') $$, 'as a request');
SELECT expiry_turn(10);
SELECT results_eq('SELECT record_id, reason FROM erasure', $$ VALUES (102::bigint, 'objection') $$, 'the engine is to forget the record');
SELECT arrives(207, 1::smallint, 'O-5');
SELECT object(207, 'correct', 'R-2');
SELECT is((SELECT state FROM pair WHERE risk_person = 3), 'disputed', 'another pair is disputed');
SELECT objection_withdraw(207);
SELECT is((SELECT state FROM pair WHERE risk_person = 3), 'in_review', 'and no more when the objection is taken back');
SELECT arrives(208, 1::smallint, 'O-6');
SELECT object(208, 'correct', 'R-none');
SELECT is((SELECT state FROM objection WHERE message = 208), 'void', 'a record that is not held');
SELECT throws_ok($$ SELECT objection_answer('hulei-op1', public_id, 'uphold', NULL, NULL, NULL, NULL) FROM objection WHERE message = 208 $$,
                 'HL002', NULL, 'has nothing to answer');
SELECT arrives(209, 1::smallint, 'O-7');
SELECT object(209, 'correct', 'R-2');
SELECT throws_ok($$ SELECT objection_answer('hulei-op1', public_id, 'uphold', NULL, 'merge', NULL, NULL) FROM objection WHERE message = 209 $$,
                 'HL011', NULL, 'a merge says with whom');
SELECT is((SELECT objection_answer('hulei-op1', public_id, 'uphold', NULL, 'merge', 'urn:hulei:test:risk', 'R-1') FROM objection
           WHERE message = 209), 'upheld', 'a merge');
SELECT is((SELECT verdict FROM identity_decision ORDER BY decision_id DESC LIMIT 1), 'same', 'is an edge, too');
SELECT throws_ok($$ SELECT as_role('hulei_console', 'SELECT hulei.objection_turn()') $$, '42501', NULL, 'the console has no door here');

-- The engine learns which records are objected to, and no more; it reads that itself.
SELECT results_eq($$ SELECT DISTINCT payload->>'record_id' FROM command WHERE kind = 'dispute_changed' ORDER BY 1 $$,
                  $$ VALUES ('102'), ('103') $$, 'the engine is told of every record named');
SELECT is((SELECT count(*) FROM command WHERE kind = 'dispute_changed' AND payload->>'record_id' = '103'), 4::bigint,
          'when it comes and when it goes');
SELECT lives_ok($$ SELECT as_role('hulei_engine', 'SELECT FROM hulei.objection') $$, 'and may ask which are open');
CREATE FUNCTION public.put_disputed(risk bigint) RETURNS TABLE (pair_id bigint, version int, state text, changed boolean) LANGUAGE sql AS $$
    SELECT * FROM hulei.pair_put(1, risk, 4::smallint, 'O1', '{NEAR_200M,DISPUTED}', '{"areas": ["500111004203"]}',
                                 public.hash_of('disputed'), 'test.1', '2026-03-01 00:00:00+00')
$$;
-- A pair that only now is one of that person: disputed as well, and free with the others.
SELECT put(4, 'e');
SELECT decide((SELECT pair_id FROM pair WHERE risk_person = 4), 'accept');
SELECT send_all();
SELECT results_eq($$ SELECT state, changed FROM put_disputed(4) $$,
                  $$ VALUES ('accepted', false) $$, 'without an open objection the mark of yesterday changes nothing');
SELECT arrives(210, 1::smallint, 'O-8');
SELECT object(210, 'correct', 'R-2');
UPDATE mention SET person_id = 4 WHERE record_id = 103;
SELECT results_eq($$ SELECT state, changed FROM put_disputed(4) $$,
                  $$ VALUES ('disputed', true) $$, 'the record that is objected to is one of that person now');
SELECT results_eq($$ SELECT tier, reasons FROM pair WHERE risk_person = 4 $$, $$ SELECT 2::smallint, '{NEAR_200M}'::text[] $$,
                  'the pair keeps what was accepted');
SELECT results_eq($$ SELECT state FROM put_disputed(5) $$, $$ VALUES ('in_review') $$,
                  'a new pair is reviewed as blue');
SELECT is((SELECT objection_answer('hulei-op1', public_id, 'reject', 'R9', NULL, NULL, NULL) FROM objection WHERE message = 210),
          'rejected', 'the objection is rejected');
SELECT is((SELECT state FROM pair WHERE risk_person = 4), 'accepted', 'and what was accepted stands again');

SELECT * FROM finish();
ROLLBACK;
