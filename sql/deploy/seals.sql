-- Deploy hulei:seals to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE TABLE erasure (
    erasure_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    record_id   bigint NOT NULL,
    source_id   smallint REFERENCES source,
    type        smallint,
    tombstone   bytea CHECK (length(tombstone) = 32),
    reason      text NOT NULL CHECK (reason IN ('sealed', 'expired', 'withdrawn', 'erased', 'objection')),
    rule        text,
    request_id  bigint,
    persons     bigint[],
    asked_at    timestamptz NOT NULL DEFAULT clock(),
    done_at     timestamptz,
    ledgered_at timestamptz,
    CHECK (done_at IS NULL OR tombstone IS NOT NULL)
);
COMMENT ON TABLE erasure IS 'Records the engine must forget, and the ledger of those it forgot; nothing of their content.';
COMMENT ON COLUMN erasure.record_id IS 'Names nothing any more once it is done; 0: never stored, only dropped.';
COMMENT ON COLUMN erasure.persons IS 'Whom the record named, until these persons are gone as well.';
COMMENT ON COLUMN erasure.done_at IS 'The begin of the transaction that did it.';
COMMENT ON COLUMN erasure.ledgered_at IS 'When its hash was on disk outside the database, for restores.';
CREATE UNIQUE INDEX erasure_due ON erasure (record_id) WHERE done_at IS NULL;
CREATE INDEX erasure_tombstone ON erasure (tombstone);
CREATE INDEX erasure_done ON erasure (done_at);
CREATE INDEX erasure_unledgered ON erasure (erasure_id) WHERE done_at IS NOT NULL AND ledgered_at IS NULL;
CREATE INDEX erasure_persons ON erasure (erasure_id) WHERE persons IS NOT NULL;

CREATE TABLE erased_record (
    tombstone bytea PRIMARY KEY CHECK (length(tombstone) = 32),
    basis     bytea CHECK (length(basis) = 16),
    reason    text NOT NULL,
    erased_at timestamptz NOT NULL DEFAULT clock()
);
COMMENT ON TABLE erased_record IS 'Keyed hash of (source, type, subject) of expired and erased records: sent again on the same basis, they are dropped.';

-- The record numbers that the evidence of a pair names.
CREATE FUNCTION evidence_records(in_evidence jsonb) RETURNS bigint[]
LANGUAGE sql IMMUTABLE
SET search_path = hulei, pg_temp
RETURN (SELECT array_agg(r.number::bigint) FROM (
            SELECT in_evidence->>k FROM unnest(ARRAY['child_record', 'risk_record', 'concern_record', 'unit_record']) AS k
            UNION ALL
            SELECT jsonb_array_elements_text(coalesce(in_evidence->'child_records', '[]'))) AS r (number)
        WHERE r.number ~ '^[0-9]+$');

-- What was told on the ground of a record that may not be known any more is taken back at once, sent or not; whether the
-- pair still holds without it, the engine says in the same transaction. The fact that it was told stays.
CREATE FUNCTION forget_alerts(in_records bigint[], in_persons bigint[]) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    p pair;
    ids bigint[];
BEGIN
    SELECT array_agg(q.pair_id) INTO ids FROM pair q
    WHERE q.child_person = ANY (in_persons) OR q.risk_person = ANY (in_persons);
    FOR p IN
        SELECT * FROM pair WHERE pair_id IN (
            SELECT a.pair_id FROM alert a
            WHERE a.pair_id = ANY (ids) AND evidence_records(a.evidence) && in_records)
        ORDER BY pair_id FOR UPDATE
    LOOP
        p.reasons := '{}';
        p.evidence := '{}';
        PERFORM alert_withdraw(p, 'cancel');
    END LOOP;
    UPDATE alert a SET reasons = '{}', evidence = '{}'
    WHERE a.pair_id = ANY (ids) AND coalesce(evidence_records(a.evidence) && in_records, true)
      AND NOT EXISTS (SELECT FROM outbox o WHERE o.alert_id = a.alert_id AND o.state = 'queued');
END
$$;

-- Answers and tasks about the records' mentions; a task keeps that it was, not about whom.
CREATE FUNCTION forget_identity(in_mentions bigint[], in_persons bigint[]) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    reviews bigint[];
BEGIN
    WITH gone AS (
        DELETE FROM identity_decision WHERE mention_a = ANY (in_mentions) OR mention_b = ANY (in_mentions)
        RETURNING review_id)
    SELECT array_agg(DISTINCT review_id) INTO reviews FROM gone;
    DELETE FROM identity_review v
    WHERE v.review_id = ANY (reviews)
      AND NOT EXISTS (SELECT FROM identity_decision d WHERE d.review_id = v.review_id);
    UPDATE review_task t
    SET state = CASE t.state WHEN 'open' THEN 'cancelled' ELSE t.state END, closed_at = coalesce(t.closed_at, clock()),
        detail = '{}'
    WHERE t.kind = 'identity'
      AND ((t.detail->>'first')::bigint = ANY (in_persons) OR (t.detail->>'second')::bigint = ANY (in_persons))
      AND EXISTS (SELECT FROM jsonb_array_elements_text(t.detail->'mentions') AS m (id) WHERE m.id::bigint = ANY (in_mentions));
END
$$;

-- The feeder learns which of its records are gone, in the words of its own keys.
CREATE FUNCTION forget_receipts(in_records bigint[], in_reasons text[]) RETURNS void
LANGUAGE sql
SET search_path = hulei, pg_temp
AS $$
    INSERT INTO outbox (kind, topic, key, payload, not_before)
    SELECT 'receipt', regexp_replace(s.topic, '^hulei\.feed\.', 'hulei.receipt.'), s.urn,
           convert_to(jsonb_build_object('source', s.urn, 'receipts', jsonb_agg(jsonb_build_object(
               'id', r.event_id, 'subject', r.subject, 'outcome', 'erased', 'code', n.reason,
               'rule', coalesce(r.ends_rule, n.reason)) ORDER BY r.record_id))::text, 'UTF8'), clock()
    FROM unnest(in_records, in_reasons) AS n (record_id, reason)
    JOIN record r ON r.record_id = n.record_id
    JOIN source s ON s.source_id = r.source_id
    WHERE n.reason <> 'withdrawn'
    GROUP BY s.source_id, s.topic, s.urn
$$;

-- Erases records with all versions, features, parked copies and keys. in_reasons as in erasure.reason.
CREATE FUNCTION forget_records(in_records bigint[], in_tombstones bytea[], in_reasons text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    whole bigint[];
    keys bigint[];
    mentions bigint[];
    persons bigint[];
    events text[];
BEGIN
    SELECT array_agg(record_id) INTO whole FROM unnest(in_records, in_reasons) AS n (record_id, reason)
    WHERE reason IN ('sealed', 'erased', 'objection');
    SELECT array_agg(data_key_id), array_agg(event_id) FILTER (WHERE record_id = ANY (whole)) INTO keys, events
    FROM record WHERE record_id = ANY (in_records);
    SELECT array_agg(mention_id), array_agg(DISTINCT person_id) INTO mentions, persons
    FROM mention WHERE record_id = ANY (in_records);
    SELECT events || coalesce(array_agg(event_id), '{}') INTO events FROM record_history WHERE record_id = ANY (whole);

    UPDATE erasure e
    SET tombstone = n.tombstone, reason = CASE WHEN n.reason = 'sealed' THEN n.reason ELSE e.reason END, done_at = now(),
        persons = (SELECT array_agg(DISTINCT m.person_id) FROM mention m WHERE m.record_id = e.record_id)
    FROM unnest(in_records, in_tombstones, in_reasons) AS n (record_id, tombstone, reason)
    WHERE e.record_id = n.record_id AND e.record_id > 0 AND e.done_at IS NULL;
    INSERT INTO erasure (record_id, source_id, type, tombstone, reason, rule, persons, done_at)
    SELECT n.record_id, r.source_id, r.type, n.tombstone, n.reason, r.ends_rule,
           (SELECT array_agg(DISTINCT m.person_id) FROM mention m WHERE m.record_id = n.record_id), now()
    FROM unnest(in_records, in_tombstones, in_reasons) AS n (record_id, tombstone, reason)
    LEFT JOIN record r ON r.record_id = n.record_id
    WHERE NOT EXISTS (SELECT FROM erasure e
                      WHERE e.tombstone = n.tombstone AND (e.done_at = now() OR n.record_id = 0));
    -- An end that the law or the source set is remembered with its basis; a birthday may have been mistyped.
    INSERT INTO erased_record (tombstone, basis, reason)
    SELECT DISTINCT ON (n.tombstone) n.tombstone, r.basis, n.reason
    FROM unnest(in_records, in_tombstones, in_reasons) AS n (record_id, tombstone, reason)
    LEFT JOIN record r ON r.record_id = n.record_id
    WHERE n.reason IN ('erased', 'objection') OR (n.reason = 'expired' AND record_end_is_stated(r.ends_rule))
    ON CONFLICT (tombstone) DO UPDATE SET basis = coalesce(excluded.basis, erased_record.basis), reason = excluded.reason, erased_at = excluded.erased_at;
    UPDATE parked SET state = 'discarded' WHERE tombstone = ANY (in_tombstones) AND state <> 'discarded';

    PERFORM forget_receipts(in_records, in_reasons);
    IF whole IS NOT NULL THEN
        PERFORM forget_alerts(whole, (SELECT array_agg(DISTINCT person_id) FROM mention WHERE record_id = ANY (whole)));
        DELETE FROM outbox o WHERE o.kind IN ('receipt', 'outcome') AND o.state = 'sent'
            AND EXISTS (SELECT FROM unnest(events) AS e (id) WHERE position(convert_to(e.id, 'UTF8') IN o.payload) > 0);
    END IF;
    PERFORM forget_identity(mentions, persons);
    DELETE FROM mention WHERE record_id = ANY (in_records);
    DELETE FROM place WHERE record_id = ANY (in_records);
    DELETE FROM record_history WHERE record_id = ANY (in_records);
    DELETE FROM record WHERE record_id = ANY (in_records);
    DELETE FROM data_key WHERE data_key_id = ANY (keys);
    PERFORM audit_append_all('engine', 'engine', 'engine', 'erase', array_agg('record_' || n.reason),
                             array_agg(substr(n.tombstone, 1, 16)), array_agg(NULL::text),
                             array_agg(jsonb_strip_nulls(jsonb_build_object('rule', e.rule, 'request', e.request_id))))
    FROM unnest(in_tombstones, in_reasons) AS n (tombstone, reason)
    LEFT JOIN erasure e ON e.tombstone = n.tombstone AND e.done_at = now();
END
$$;
COMMENT ON FUNCTION forget_records IS 'The only door by which a record is erased. A sealed one has its tombstone written by the caller first.';

-- Ends that the law or the source stated; they move later only on a new basis. Others are our assumption, or follow a
-- child's age.
CREATE FUNCTION record_end_is_stated(in_rule text) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN coalesce(in_rule IN ('until', 'release', 'term', 'order_end', 'death', 'appeal'), false);

-- Copies of the sealed record that were refused earlier go with it.
CREATE FUNCTION seal_parked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    UPDATE parked SET state = 'discarded' WHERE tombstone = NEW.tombstone AND state <> 'discarded';
    RETURN NULL;
END
$$;
CREATE TRIGGER seal_tombstone_parked AFTER INSERT ON seal_tombstone
    FOR EACH ROW EXECUTE FUNCTION seal_parked();
