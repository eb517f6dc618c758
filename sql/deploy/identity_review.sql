-- Deploy hulei:identity_review to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE TABLE identity_review (
    review_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task_id     bigint NOT NULL REFERENCES review_task ON DELETE CASCADE,
    side        text NOT NULL CHECK (side IN ('child', 'risk', 'both')),
    verdict     text NOT NULL CHECK (verdict IN ('same', 'different', 'unsure')),
    reason_code text NOT NULL,
    account_id  bigint NOT NULL REFERENCES account,
    decided_at  timestamptz NOT NULL DEFAULT clock()
);
COMMENT ON TABLE identity_review IS 'A named human''s answer to the identity question of a task; its edges are in identity_decision.';
CREATE INDEX identity_review_task ON identity_review (task_id);

ALTER TABLE identity_decision ADD COLUMN review_id bigint REFERENCES identity_review ON DELETE CASCADE;
CREATE INDEX identity_decision_review ON identity_decision (review_id);
CREATE INDEX identity_decision_mention ON identity_decision (mention_a);
-- A mention with itself: a human knows whom this one record means.
ALTER TABLE identity_decision DROP CONSTRAINT identity_decision_check;
ALTER TABLE identity_decision ADD CONSTRAINT identity_decision_itself
    CHECK (mention_b <> mention_a OR verdict <> 'different');

-- ---- what is asked ----

-- The persons of a task: of one side of a pair, or both of an identity task.
CREATE FUNCTION identity_persons(in_task review_task, in_side text) RETURNS bigint[]
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
RETURN CASE
    WHEN in_task.kind IN ('pair', 'sign') THEN (SELECT ARRAY[CASE in_side WHEN 'child' THEN p.child_person WHEN 'risk' THEN p.risk_person END]
                      FROM pair p WHERE p.pair_id = in_task.pair_id)
    WHEN in_task.kind = 'identity' THEN ARRAY[(in_task.detail->>'first')::bigint, (in_task.detail->>'second')::bigint]
END;

CREATE FUNCTION identity_members(in_persons bigint[]) RETURNS bigint[]
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
RETURN (SELECT coalesce(array_agg(m.mention_id ORDER BY m.mention_id), '{}') FROM mention m
        WHERE m.person_id = ANY (in_persons));

CREATE FUNCTION identity_composition(in_members bigint[]) RETURNS text
LANGUAGE sql IMMUTABLE
SET search_path = hulei, pg_temp
RETURN substr(encode(sha256(convert_to(in_members::text, 'UTF8')), 'hex'), 1, 16);
COMMENT ON FUNCTION identity_composition IS 'A name for a set of mentions: what a reviewer saw and what is decided must bear the same.';

-- The newest verdict between any mention of the one and any of the other is `different`.
CREATE FUNCTION identity_is_kept_apart(in_first bigint, in_second bigint) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
RETURN EXISTS (
    SELECT FROM (
        SELECT DISTINCT ON (least(d.mention_a, d.mention_b), greatest(d.mention_a, d.mention_b)) d.verdict
        FROM mention a
        CROSS JOIN mention b
        JOIN identity_decision d ON (d.mention_a = a.mention_id AND d.mention_b = b.mention_id)
                                 OR (d.mention_a = b.mention_id AND d.mention_b = a.mention_id)
        WHERE a.person_id = in_first AND b.person_id = in_second
        ORDER BY least(d.mention_a, d.mention_b), greatest(d.mention_a, d.mention_b), d.decision_id DESC) AS newest
    WHERE newest.verdict = 'different');

-- Evidence joins two persons and a veto keeps them apart: a human is asked, once for the same records. A task whose
-- persons became one, or of which one is gone, asks nothing any more.
CREATE FUNCTION identity_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    UPDATE review_task t SET state = 'cancelled', closed_at = clock()
    FROM added e
    WHERE e.kind IN ('merged', 'retired') AND t.kind = 'identity' AND t.state = 'open'
      AND ((t.detail->>'first')::bigint IN (e.person_id, e.other_person)
           OR (t.detail->>'second')::bigint IN (e.person_id, e.other_person))
      AND NOT (EXISTS (SELECT FROM mention m WHERE m.person_id = (t.detail->>'first')::bigint)
               AND EXISTS (SELECT FROM mention m WHERE m.person_id = (t.detail->>'second')::bigint));
    INSERT INTO review_task (kind, detail)
    SELECT 'identity', jsonb_build_object('first', f.first, 'second', f.second, 'composition',
                                          identity_composition(f.members), 'mentions', to_jsonb(f.members))
    FROM (SELECT DISTINCT least(e.person_id, e.other_person) AS first, greatest(e.person_id, e.other_person) AS second,
                 identity_members(ARRAY[e.person_id, e.other_person]) AS members
          FROM added e WHERE e.kind = 'frozen' AND e.other_person IS NOT NULL) AS f
    WHERE NOT identity_is_kept_apart(f.first, f.second)
      AND NOT EXISTS (SELECT FROM review_task t
                      WHERE t.kind = 'identity' AND t.state = 'done'
                        AND t.detail->>'composition' = identity_composition(f.members))
    ON CONFLICT ((detail->>'first'), (detail->>'second')) WHERE kind = 'identity' AND state = 'open'
    DO UPDATE SET detail = excluded.detail;
    RETURN NULL;
END
$$;
CREATE UNIQUE INDEX review_task_open_identity ON review_task ((detail->>'first'), (detail->>'second'))
    WHERE kind = 'identity' AND state = 'open';
CREATE INDEX review_task_composition ON review_task ((detail->>'composition')) WHERE kind = 'identity';
CREATE TRIGGER person_event_asks AFTER INSERT ON person_event REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION identity_follow();

-- ---- the answer ----

-- Which side is meant when none is said: the only one that is not known well enough; or the one this task decided.
CREATE FUNCTION identity_side(in_task review_task, in_side text) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = hulei, pg_temp
AS $$
DECLARE
    sides text[];
BEGIN
    IF in_task.kind = 'identity' THEN
        RETURN 'both';
    ELSIF in_side IN ('child', 'risk') THEN
        RETURN in_side;
    END IF;
    SELECT array_agg(s) INTO sides FROM unnest(ARRAY['child', 'risk']) AS s
    WHERE EXISTS (SELECT FROM person n
                  WHERE n.person_id = ANY (identity_persons(in_task, s)) AND n.grade = 'probable');
    IF cardinality(sides) = 1 THEN
        RETURN sides[1];
    END IF;
    SELECT array_agg(DISTINCT r.side) INTO sides FROM identity_review r WHERE r.task_id = in_task.task_id;
    RETURN CASE WHEN cardinality(sides) = 1 THEN sides[1] END;
END
$$;

-- The edges of an answer: all among the mentions for `same`, each also with itself; across for `different`; for
-- `unsure` those that this task decided before, taken back.
CREATE FUNCTION identity_edges(in_review identity_review, in_members bigint[], in_apart bigint[])
    RETURNS TABLE (mention_a bigint, mention_b bigint)
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT a, b FROM unnest(in_members) AS a CROSS JOIN unnest(in_members) AS b
    WHERE in_review.verdict = 'same' AND a <= b
    UNION ALL
    SELECT a, b FROM unnest(in_apart) AS a CROSS JOIN unnest(in_members) AS b
    WHERE in_review.verdict = 'different' AND b <> ALL (in_apart)
    UNION ALL
    SELECT DISTINCT d.mention_a, d.mention_b
    FROM identity_decision d JOIN identity_review r USING (review_id)
    WHERE in_review.verdict = 'unsure' AND r.task_id = in_review.task_id AND r.side = in_review.side
      AND d.verdict <> 'unsure'
$$;

CREATE FUNCTION identity_decide(in_task_id bigint, in_account_id bigint, in_side text, in_verdict text,
                                in_reason_code text, in_apart bigint[], in_seen text,
                                OUT side text, OUT records int, OUT edges int)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    who account;
    t review_task;
    r identity_review;
    persons bigint[];
    members bigint[];
    apart bigint[] := in_apart;
BEGIN
    PERFORM session_speaks_for(in_account_id);
    who := account_with_role(in_account_id, '{reviewer}');
    SELECT * INTO t FROM review_task WHERE task_id = in_task_id AND kind IN ('pair', 'identity') FOR UPDATE;
    IF t.task_id IS NULL OR (t.state <> 'open' AND in_verdict <> 'unsure') THEN
        RAISE EXCEPTION 'no open task asks for an identity' USING ERRCODE = 'HL002';
    END IF;
    side := identity_side(t, in_side);
    IF side IS NULL THEN
        RAISE EXCEPTION 'which side is meant' USING ERRCODE = 'HL010';
    END IF;
    persons := identity_persons(t, side);
    members := identity_members(persons);
    records := cardinality(members);
    IF in_verdict <> 'unsure' AND records = 0 THEN
        RAISE EXCEPTION 'there is no record any more' USING ERRCODE = 'HL002';
    ELSIF in_verdict <> 'unsure' AND records > 128 THEN
        RAISE EXCEPTION 'too many records for one answer' USING ERRCODE = 'HL012';
    ELSIF in_seen <> identity_composition(members) THEN
        RAISE EXCEPTION 'the records changed in between' USING ERRCODE = 'HL001';
    END IF;
    IF in_verdict = 'different' THEN
        IF cardinality(persons) = 2 THEN
            apart := identity_members(persons[2:2]);
        ELSIF records = 2 AND apart IS NULL THEN
            apart := members[2:2];
        END IF;
        IF apart IS NULL OR apart = '{}' OR NOT apart <@ members OR members <@ apart THEN
            RAISE EXCEPTION 'which records are apart' USING ERRCODE = 'HL011';
        END IF;
    END IF;

    INSERT INTO identity_review (task_id, side, verdict, reason_code, account_id)
    VALUES (t.task_id, side, in_verdict, in_reason_code, who.account_id) RETURNING * INTO r;
    INSERT INTO identity_decision (mention_a, mention_b, verdict, account_id, review_id)
    SELECT e.mention_a, e.mention_b, in_verdict, who.account_id, r.review_id
    FROM identity_edges(r, members, apart) AS e;
    GET DIAGNOSTICS edges = ROW_COUNT;
    IF t.kind = 'identity' AND t.state = 'open' THEN
        UPDATE review_task SET state = 'done', closed_at = clock() WHERE task_id = t.task_id;
    END IF;
    PERFORM command_put('identity_decided', jsonb_build_object('review_id', r.review_id, 'verdict', in_verdict), who.name);
    PERFORM audit_append('console', who.name, 'reviewer', 'identity_' || in_verdict, 'review', NULL, NULL,
                         jsonb_build_object('task', t.public_id, 'side', side, 'reason', in_reason_code,
                                            'records', records, 'edges', edges));
END
$$;
COMMENT ON FUNCTION identity_decide IS 'The only door for human answers on identity: answer, edges, audit entry and the engine''s command in one. HL001: the records changed; HL002: nothing to decide; HL003: not a reviewer; HL010: say which side; HL011: say which records are apart; HL012: too many records.';

-- ---- the sheet, now of identity tasks too, with what is compared ----

DROP FUNCTION review_sheet;
CREATE FUNCTION review_sheet(in_task_id bigint, in_account_id bigint)
    RETURNS TABLE (side text, record_id bigint, slot smallint, department text, type smallint, role smallint, as_of text,
                   card bytea, data_key_id bigint, kek_id int, wrapped bytea, grade text, mention_id bigint,
                   features bytea, seen text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    who account;
    t review_task;
BEGIN
    SELECT * INTO t FROM review_task
    WHERE task_id = in_task_id AND state = 'open' AND kind IN ('pair', 'sign', 'identity');
    PERFORM session_speaks_for(in_account_id);
    who := account_with_role(in_account_id, CASE t.kind WHEN 'sign' THEN '{reviewer,second_reviewer}'
                                                        ELSE '{reviewer}' END::text[]);
    IF t.task_id IS NULL THEN
        RAISE EXCEPTION 'no open task about persons' USING ERRCODE = 'HL002';
    END IF;
    PERFORM audit_append('console', who.name, 'reviewer', 'review_look', 'review', NULL, NULL,
                         coalesce((SELECT jsonb_build_object('pair', p.public_id, 'version', p.version) FROM pair p
                                   WHERE p.pair_id = t.pair_id), '{}') || jsonb_build_object('task_id', in_task_id));
    RETURN QUERY
        SELECT x.side, r.record_id, r.slot, r.department, r.type, r.role, r.as_of, r.card, r.data_key_id, r.kek_id,
               r.wrapped, r.grade, r.mention_id, r.features, x.seen
        FROM (SELECT s.side, s.persons[1] AS person_id,
                     identity_composition(identity_members(identity_persons(t, s.asked))) AS seen
              FROM (VALUES ('child', 'child', identity_persons(t, 'child')), ('risk', 'risk', identity_persons(t, 'risk')),
                           ('first', 'both', identity_persons(t, 'both')),
                           ('second', 'both', (identity_persons(t, 'both'))[2:2])) AS s (side, asked, persons)
              WHERE (t.kind <> 'identity') = (s.side IN ('child', 'risk'))) AS x
        CROSS JOIN LATERAL (
            SELECT r.record_id, m.slot, s.department, r.type, m.role,
                   to_char(r.version_time AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS as_of, c."full" AS card, r.data_key_id,
                   k.kek_id, k.wrapped, n.grade, m.mention_id, m.features
            FROM mention m
            JOIN person n ON n.person_id = m.person_id
            JOIN record r ON r.record_id = m.record_id AND r.state = 'live' AND r.body IS NOT NULL
            LEFT JOIN card c ON c.mention_id = m.mention_id
            JOIN source s ON s.source_id = r.source_id
            JOIN data_key k ON k.data_key_id = r.data_key_id
            WHERE m.person_id = x.person_id
            ORDER BY r.version_time DESC, r.record_id, m.slot
            LIMIT 128) AS r
        ORDER BY x.side, r.as_of DESC, r.record_id, r.slot;
END
$$;
COMMENT ON FUNCTION review_sheet IS 'Sealed cards, features and wrapped keys of both persons of an open task (side: child, risk; of an identity task: first, second), at most 128 blocks each, the newest first; writes the audit entry itself.';

REVOKE ALL ON identity_review FROM PUBLIC;
REVOKE ALL ON FUNCTION identity_persons, identity_members, identity_composition, identity_is_kept_apart, identity_follow,
    identity_side, identity_edges, identity_decide, review_sheet FROM PUBLIC;
GRANT EXECUTE ON FUNCTION review_sheet(bigint, bigint),
    identity_decide(bigint, bigint, text, text, text, bigint[], text) TO hulei_console;
