-- Deploy hulei:objection to pg
SET ROLE hulei_owner;
SET search_path = hulei;

INSERT INTO setting VALUES ('objection_confirm_days', '5'), ('objection_answer_days', '10'); -- working days (DOMAIN.md C.3)

CREATE TABLE objection (
    objection_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id     text NOT NULL UNIQUE DEFAULT 'ob-' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 16),
    message       bigint UNIQUE REFERENCES record ON DELETE SET NULL,
    named_record  bigint REFERENCES record ON DELETE SET NULL,
    other_record  bigint REFERENCES record ON DELETE SET NULL,
    claimant      text NOT NULL CHECK (claimant IN ('person', 'guardian', 'post', 'owner')),
    ground        text NOT NULL CHECK (ground IN ('not_this_person', 'wrong_address', 'wrong_fact', 'out_of_date', 'no_basis')),
    asks          text NOT NULL CHECK (asks IN ('correct', 'split', 'merge', 'erase')),
    state         text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'upheld', 'rejected', 'withdrawn', 'void')),
    opened_at     timestamptz NOT NULL DEFAULT clock(),
    confirm_by    timestamptz NOT NULL,
    answer_by     timestamptz NOT NULL,
    confirmed_at  timestamptz,
    answered_at   timestamptz,
    answered_by   bigint REFERENCES account,
    answer_record bigint REFERENCES record ON DELETE SET NULL,
    reason        text,
    escalated     int NOT NULL DEFAULT 0 CHECK (escalated BETWEEN 0 AND 2),
    CHECK ((state = 'open') = (answered_at IS NULL)),
    CHECK (state <> 'rejected' OR reason IS NOT NULL)
);
COMMENT ON TABLE objection IS 'Somebody says that a record is wrong: what rests on it is disputed until its owner answers.';
COMMENT ON COLUMN objection.state IS 'void: the record named is not held.';
COMMENT ON COLUMN objection.escalated IS '1: not confirmed in time, 2: not answered in time; a human has it.';
COMMENT ON COLUMN objection.reason IS 'Why rejected: a code or document number, never a text about a person.';
CREATE INDEX objection_due ON objection (least(confirm_by, answer_by)) WHERE state = 'open';
CREATE INDEX objection_named ON objection (named_record) WHERE state = 'open';

CREATE TABLE objection_pair (
    objection_id bigint NOT NULL REFERENCES objection ON DELETE CASCADE,
    pair_id      bigint NOT NULL REFERENCES pair ON DELETE CASCADE,
    PRIMARY KEY (objection_id, pair_id)
);
COMMENT ON TABLE objection_pair IS 'What an objection disputes.';

-- The owner of a record decides on it: its edges carry the objection in place of an account.
ALTER TABLE identity_decision
    ADD COLUMN objection_id bigint REFERENCES objection,
    DROP CONSTRAINT identity_decision_who,
    ADD CONSTRAINT identity_decision_who CHECK ((verdict = 'kept' OR objection_id IS NOT NULL) = (account_id IS NULL));

CREATE FUNCTION record_find(in_source text, in_type smallint, in_subject text) RETURNS bigint
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
RETURN (SELECT r.record_id FROM record r JOIN source s USING (source_id)
        WHERE s.urn = in_source AND r.type = in_type AND r.subject = in_subject);

-- What one department must hear of another's word on its record: keys and codes only.
CREATE FUNCTION objection_tell(in_objection objection, in_record bigint) RETURNS void
LANGUAGE sql
SET search_path = hulei, pg_temp
AS $$
    INSERT INTO outbox (kind, topic, key, payload, not_before)
    SELECT 'receipt', regexp_replace(s.topic, '^hulei\.feed\.', 'hulei.receipt.'), s.urn,
           convert_to(jsonb_build_object('source', s.urn, 'receipts', '[]'::jsonb, 'objections', jsonb_build_array(
               jsonb_strip_nulls(jsonb_build_object(
               'objection', in_objection.public_id, 'subject', r.subject, 'state', in_objection.state,
               'by', in_objection.claimant, 'ground', in_objection.ground, 'asks', in_objection.asks,
               'reason', in_objection.reason,
               'confirm_by', CASE WHEN in_objection.state = 'open' THEN
                   to_char(in_objection.confirm_by AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"') END,
               'answer_by', CASE WHEN in_objection.state = 'open' THEN
                   to_char(in_objection.answer_by AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"') END))))::text,
               'UTF8'), clock()
    FROM record r JOIN source s USING (source_id)
    WHERE r.record_id = in_record
$$;

-- ---- open ----

CREATE FUNCTION objection_dispute(in_objection objection) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    p pair;
BEGIN
    FOR p IN
        SELECT DISTINCT q.* FROM mention m JOIN pair q ON m.person_id IN (q.child_person, q.risk_person)
        WHERE m.record_id = in_objection.named_record AND m.slot = 0 AND q.state NOT IN ('retracted', 'expired')
        ORDER BY q.pair_id
    LOOP
        INSERT INTO objection_pair VALUES (in_objection.objection_id, p.pair_id);
        IF p.state <> 'disputed' THEN
            PERFORM pair_event(p.pair_id, p.version, 'dispute', 'engine',
                               jsonb_build_object('objection', in_objection.public_id, 'ground', in_objection.ground));
        END IF;
    END LOOP;
END
$$;

-- A record was said to be wrong, or no more: the engine caps what rests on its person, or lifts the cap.
CREATE FUNCTION objection_signal(in_record bigint) RETURNS void
LANGUAGE sql
SET search_path = hulei, pg_temp
AS $$
    INSERT INTO command (kind, payload, created_by)
    SELECT 'dispute_changed', jsonb_build_object('record_id', in_record), 'engine' WHERE in_record IS NOT NULL;
    SELECT pg_notify('hulei_command', '')
$$;

-- A pair that comes to a person of whom a record is objected to, after records were merged, is disputed, too. NULL: no
-- objection is open any more.
CREATE FUNCTION objection_join(in_pair pair, OUT version int, OUT state text)
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    o objection;
BEGIN
    FOR o IN
        SELECT q.* FROM objection q
        WHERE q.state = 'open' AND EXISTS (
            SELECT FROM mention m WHERE m.record_id = q.named_record AND m.slot = 0
                                    AND m.person_id IN (in_pair.child_person, in_pair.risk_person))
        ORDER BY q.objection_id
    LOOP
        INSERT INTO objection_pair VALUES (o.objection_id, in_pair.pair_id) ON CONFLICT DO NOTHING;
        IF version IS NULL THEN
            SELECT e.version, e.state INTO version, state
            FROM pair_event(in_pair.pair_id, in_pair.version, 'dispute', 'engine',
                            jsonb_build_object('objection', o.public_id, 'ground', o.ground)) AS e;
        END IF;
    END LOOP;
END
$$;

CREATE FUNCTION objection_open(in_message bigint, in_record bigint, in_other bigint, in_by text, in_ground text, in_asks text)
    RETURNS objection
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    o objection;
    now_at CONSTANT timestamptz := clock();
BEGIN
    INSERT INTO objection (message, named_record, other_record, claimant, ground, asks, state, confirm_by, answer_by, answered_at)
    SELECT in_message, in_record, in_other, in_by, in_ground, in_asks, CASE WHEN in_record IS NULL THEN 'void' ELSE 'open' END,
           working_deadline(now_at, (SELECT value::int FROM setting WHERE name = 'objection_confirm_days'), 'day'),
           working_deadline(now_at, (SELECT value::int FROM setting WHERE name = 'objection_answer_days'), 'day'),
           CASE WHEN in_record IS NULL THEN now_at END
    ON CONFLICT (message) DO NOTHING
    RETURNING * INTO o;
    IF o.objection_id IS NULL THEN
        RETURN NULL; -- a newer version of the same message
    END IF;
    PERFORM audit_append('engine', 'engine', 'engine', 'objection_' || o.state, 'objection', NULL, NULL, jsonb_build_object(
        'objection', o.public_id, 'by', o.claimant, 'ground', o.ground, 'asks', o.asks));
    PERFORM objection_dispute(o);
    PERFORM objection_signal(o.named_record);
    PERFORM objection_tell(o, coalesce(o.named_record, o.message));
    RETURN o;
END
$$;

-- ---- answer ----

-- Rejected: pairs go on where they were, unless another objection still disputes them. Upheld: every receiver hears the
-- cancel, and what the rules find without the mistake is reviewed anew.
CREATE FUNCTION objection_settle_pairs(in_objection objection) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    p pair;
BEGIN
    FOR p IN
        SELECT q.* FROM objection_pair x JOIN pair q USING (pair_id)
        WHERE x.objection_id = in_objection.objection_id AND q.state = 'disputed'
          AND (in_objection.state = 'upheld' OR NOT EXISTS (
              SELECT FROM objection_pair y JOIN objection o USING (objection_id)
              WHERE y.pair_id = x.pair_id AND o.objection_id <> in_objection.objection_id AND o.state = 'open'))
        ORDER BY q.pair_id
    LOOP
        PERFORM pair_event(p.pair_id, p.version, 'dispute_end', 'engine', jsonb_build_object(
            'outcome', CASE in_objection.state WHEN 'upheld' THEN 'upheld' ELSE 'rejected' END,
            'objection', in_objection.public_id));
        IF in_objection.state = 'upheld' THEN
            PERFORM pair_put(p.subject_id, p.risk_person, p.tier, p.rule, array_remove(p.reasons, 'DISPUTED'), p.evidence,
                             p.evidence_hash, p.policy_version, clock(), p.subject);
        END IF;
    END LOOP;
END
$$;

-- Edges by which the engine splits or merges; both originals stay.
CREATE FUNCTION objection_edges(in_objection objection, in_verdict text) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    edges int;
BEGIN
    INSERT INTO identity_decision (mention_a, mention_b, verdict, objection_id)
    SELECT a.mention_id, b.mention_id, in_verdict, in_objection.objection_id
    FROM mention a CROSS JOIN mention b
    WHERE a.record_id = in_objection.named_record AND a.slot = 0
      AND b.record_id = in_objection.other_record AND b.slot = 0 AND a.mention_id <> b.mention_id;
    GET DIAGNOSTICS edges = ROW_COUNT;
    IF edges > 0 THEN
        PERFORM command_put('identity_decided', jsonb_build_object('objection_id', in_objection.objection_id), 'engine');
    END IF;
END
$$;

CREATE FUNCTION objection_close(in_objection_id bigint, in_state text, in_reason text, in_account bigint, in_record bigint)
    RETURNS objection
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    o objection;
BEGIN
    UPDATE objection SET state = in_state, reason = in_reason, answered_by = in_account, answer_record = in_record,
                         answered_at = clock(), confirmed_at = coalesce(confirmed_at, clock())
    WHERE objection_id = in_objection_id AND state = 'open' RETURNING * INTO o;
    IF o.objection_id IS NULL THEN
        RAISE EXCEPTION 'no such objection is open' USING ERRCODE = 'HL002';
    END IF;
    IF in_state = 'upheld' AND o.asks IN ('split', 'merge') THEN
        PERFORM objection_edges(o, CASE o.asks WHEN 'split' THEN 'different' ELSE 'same' END);
    ELSIF in_state = 'upheld' AND o.asks = 'erase' THEN
        PERFORM erasure_request_put(ARRAY[o.named_record], 'objection', 'OBJECTION_UPHELD', in_account, interval '0');
    END IF;
    PERFORM objection_settle_pairs(o);
    PERFORM objection_signal(o.named_record);
    UPDATE review_task SET state = 'done', closed_at = clock()
    WHERE kind = 'ask_owner' AND state = 'open' AND detail->>'objection' = o.public_id;
    PERFORM objection_tell(o, o.named_record);
    PERFORM objection_tell(o, o.message)
    WHERE (SELECT source_id FROM record WHERE record_id = o.message)
          IS DISTINCT FROM (SELECT source_id FROM record WHERE record_id = o.named_record);
    PERFORM audit_append('admin', coalesce((SELECT name FROM account WHERE account_id = in_account), 'owner'), 'owner',
                         'objection_' || in_state, 'objection', NULL, NULL,
                         jsonb_strip_nulls(jsonb_build_object('objection', o.public_id, 'asks', o.asks, 'reason', in_reason)));
    RETURN o;
END
$$;

-- A message of one of the two feeds, in the batch's transaction. The record's own department decides; what others call a
-- correction asks it to.
CREATE FUNCTION objection_take(in_message bigint, in_is_answer boolean, in_source text, in_type smallint, in_subject text,
                               in_other_source text, in_other_type smallint, in_other_subject text,
                               in_objection_source text, in_objection_subject text, in_by text, in_ground text, in_asks text,
                               in_ruling text, in_reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    named CONSTANT bigint := record_find(in_source, in_type, in_subject);
    other CONSTANT bigint := record_find(in_other_source, in_other_type, in_other_subject);
    is_owner CONSTANT boolean := (SELECT source_id FROM record WHERE record_id = named)
                                 = (SELECT source_id FROM record WHERE record_id = in_message);
    o objection;
BEGIN
    IF in_is_answer AND in_objection_subject IS NOT NULL THEN
        SELECT q.* INTO o FROM objection q JOIN record r ON r.record_id = q.message JOIN source s USING (source_id)
        WHERE s.urn = in_objection_source AND r.subject = in_objection_subject AND q.state = 'open';
    END IF;
    IF o.objection_id IS NULL THEN
        o := objection_open(in_message, named, other, in_by, in_ground, in_asks);
    END IF;
    IF in_is_answer AND is_owner AND o.state = 'open' AND o.named_record = named THEN
        UPDATE objection SET asks = in_asks, other_record = coalesce(other, other_record) WHERE objection_id = o.objection_id;
        PERFORM objection_close(o.objection_id, in_ruling, CASE in_ruling WHEN 'rejected' THEN in_reason END, NULL, in_message);
    END IF;
END
$$;
COMMENT ON FUNCTION objection_take IS 'The engine''s door for objections and corrections.';

-- Whoever objected takes it back.
CREATE FUNCTION objection_withdraw(in_message bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    PERFORM objection_close(objection_id, 'withdrawn', NULL, NULL, NULL) FROM objection
    WHERE message = in_message AND state = 'open';
END
$$;

-- ---- by hand ----

CREATE FUNCTION objection_answer(in_os_user text, in_public_id text, in_verb text, in_reason text, in_asks text,
                                 in_other_source text, in_other_subject text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    who CONSTANT account := operator_of(in_os_user);
    o objection;
BEGIN
    SELECT * INTO o FROM objection WHERE public_id = in_public_id AND state = 'open' FOR UPDATE;
    IF o.objection_id IS NULL OR in_verb NOT IN ('confirm', 'uphold', 'reject') THEN
        RAISE EXCEPTION 'no such objection is open' USING ERRCODE = 'HL002';
    ELSIF in_verb = 'reject' AND in_reason IS NULL THEN
        RAISE EXCEPTION 'a rejection is answered with a reason' USING ERRCODE = 'HL014';
    END IF;
    IF in_verb = 'confirm' THEN
        UPDATE objection SET confirmed_at = coalesce(confirmed_at, clock()) WHERE objection_id = o.objection_id;
        PERFORM audit_append('admin', who.name, 'operator', 'objection_confirmed', 'objection', NULL, NULL,
                             jsonb_build_object('objection', o.public_id));
        RETURN 'open';
    END IF;
    UPDATE objection SET asks = coalesce(in_asks, asks), other_record = coalesce((
               SELECT r.record_id FROM record r JOIN source s USING (source_id)
               WHERE s.urn = in_other_source AND r.subject = in_other_subject ORDER BY r.record_id LIMIT 1), other_record)
    WHERE objection_id = o.objection_id RETURNING * INTO o;
    IF in_verb = 'uphold' AND o.asks IN ('split', 'merge') AND o.other_record IS NULL THEN
        RAISE EXCEPTION 'from or with which record' USING ERRCODE = 'HL011';
    END IF;
    o := objection_close(o.objection_id, CASE in_verb WHEN 'uphold' THEN 'upheld' ELSE 'rejected' END, in_reason,
                         who.account_id, NULL);
    RETURN o.state;
END
$$;
COMMENT ON FUNCTION objection_answer IS 'An operator''s word in the owner''s place. HL002: not open; HL003: not an operator; HL011: of a split or merge the other record is wanted; HL014: a reason is wanted.';

CREATE FUNCTION objection_list(in_state text)
    RETURNS TABLE (public_id text, state text, claimant text, ground text, asks text, source text, subject text,
                   opened_at timestamptz, confirm_by timestamptz, confirmed_at timestamptz, answer_by timestamptz,
                   escalated int, pairs bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    SELECT o.public_id, o.state, o.claimant, o.ground, o.asks, s.urn, r.subject, o.opened_at, o.confirm_by, o.confirmed_at,
           o.answer_by, o.escalated, (SELECT count(*) FROM objection_pair x WHERE x.objection_id = o.objection_id)
    FROM objection o LEFT JOIN record r ON r.record_id = o.named_record LEFT JOIN source s USING (source_id)
    WHERE in_state IS NULL OR o.state = in_state
    ORDER BY o.answer_by, o.objection_id
    LIMIT 500
$$;

-- A deadline that passes goes to a human, once each.
CREATE FUNCTION objection_turn() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    o objection;
    now_at CONSTANT timestamptz := clock();
    step int;
    taken bigint := 0;
BEGIN
    FOR o IN SELECT * FROM objection
             WHERE state = 'open' AND ((answer_by <= now_at AND escalated < 2)
                                       OR (confirm_by <= now_at AND confirmed_at IS NULL AND escalated < 1))
             ORDER BY objection_id LIMIT 100 FOR UPDATE LOOP
        step := CASE WHEN o.answer_by <= now_at THEN 2 ELSE 1 END;
        UPDATE review_task SET detail = detail || jsonb_build_object('reason', 'UNANSWERED'), due_at = now_at
        WHERE kind = 'ask_owner' AND state = 'open' AND detail->>'objection' = o.public_id;
        IF NOT FOUND THEN
            INSERT INTO review_task (kind, tier, due_at, detail)
            VALUES ('ask_owner', 2, now_at, jsonb_build_object('objection', o.public_id,
                    'reason', CASE step WHEN 2 THEN 'UNANSWERED' ELSE 'UNCONFIRMED' END));
        END IF;
        UPDATE objection SET escalated = step WHERE objection_id = o.objection_id;
        PERFORM objection_tell(o, o.named_record);
        PERFORM audit_append('engine', 'engine', 'engine', 'objection_overdue', 'objection', NULL, NULL,
                             jsonb_build_object('objection', o.public_id, 'step', step));
        taken := taken + 1;
    END LOOP;
    RETURN taken;
END
$$;

REVOKE ALL ON objection, objection_pair FROM PUBLIC;
REVOKE ALL ON FUNCTION record_find, objection_tell, objection_signal, objection_join, objection_dispute, objection_open, objection_settle_pairs, objection_edges,
    objection_close, objection_take, objection_withdraw, objection_answer, objection_list, objection_turn FROM PUBLIC;
GRANT SELECT ON objection TO hulei_engine;
GRANT EXECUTE ON FUNCTION objection_take, objection_withdraw, objection_answer, objection_list, objection_turn TO hulei_engine;
