-- Deploy hulei:expiry to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE TABLE retention (
    what    text PRIMARY KEY,
    keep    interval NOT NULL,
    basis   text NOT NULL CHECK (basis <> ''),
    last_at timestamptz NOT NULL DEFAULT '-infinity'
);
COMMENT ON TABLE retention IS 'How long rows are kept that are no records: what happened, who was told, what was answered.';
COMMENT ON COLUMN retention.last_at IS 'When they were last looked through to the end.';
INSERT INTO retention (what, keep, basis) VALUES
    ('alert',        '3 years',   '网络数据安全管理条例 12: the record of provision to others; alerts, deliveries, steps and answers'),
    ('pair',         '3 years',   '个人信息保护法 56: pairs that ended, with their log, tasks and decisions'),
    ('audit',        '3 years',   'DOMAIN.md C.5; cut at a checkpoint that keeps the chain verifiable'),
    ('person_event', '3 years',   'changes of clusters'),
    ('receipt',      '7 days',    'receipts, outcomes and uploads that left; as long as their topics keep them'),
    ('parked_body',  '180 days',  'refused messages that nobody asked for again lose their body'),
    ('parked',       '1 year',    'that a message was refused, and why'),
    ('seen_event',   '30 days',   'feeds keep seven days: older repeats cannot come'),
    ('command',      '90 days',   'commands that the engine applied'),
    ('feed_counter', '3 years',   'counts per feed and day');

-- ---- the audit chain ends at a checkpoint, not at nothing ----

CREATE FUNCTION audit_cut(in_limit int) RETURNS bigint
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    l audit_lane;
    oldest bigint;
    last audit_entry;
    cut bigint := 0;
BEGIN
    FOR l IN SELECT * FROM audit_lane ORDER BY lane LOOP
        SELECT min(seq) INTO oldest FROM audit_entry WHERE lane = l.lane;
        -- At a head that a signed root covers, a limit's worth at a time where roots are that near.
        SELECT e.* INTO last
        FROM audit_root r, jsonb_to_recordset(r.lanes) AS p (lane text, seq bigint)
        JOIN audit_entry e ON e.lane = p.lane AND e.seq = p.seq
        WHERE p.lane = l.lane AND p.seq < l.head_seq AND r.at < clock() - (SELECT keep FROM retention WHERE what = 'audit')
        ORDER BY p.seq < oldest + in_limit DESC, abs(p.seq - oldest - in_limit) LIMIT 1;
        CONTINUE WHEN last.seq IS NULL;
        INSERT INTO audit_checkpoint (lane, seq, hash) VALUES (l.lane, last.seq, last.hash)
        ON CONFLICT (lane) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, cut_at = clock_timestamp();
        DELETE FROM audit_entry WHERE lane = l.lane AND seq <= last.seq;
        cut := cut + last.seq - oldest + 1;
    END LOOP;
    RETURN cut;
END
$$;
COMMENT ON FUNCTION audit_cut IS 'Entries past their time, up to a head that a signed root covers; the newest of a lane always stays.';

-- ---- what is past its time ----

CREATE FUNCTION purge_alerts(in_before timestamptz, in_limit int) RETURNS bigint
LANGUAGE sql
SET search_path = hulei, pg_temp
AS $$
    -- A pair that closed is not over: its alerts stay until its records end and posts were told to delete them.
    WITH chosen AS (
        SELECT a.alert_id FROM alert a JOIN pair p USING (pair_id)
        WHERE a.created_at < in_before AND p.updated_at < in_before
          AND p.state IN ('rejected', 'retracted', 'expired')
        ORDER BY a.created_at LIMIT in_limit
    ), acks AS (
        DELETE FROM ack k USING chosen c WHERE k.alert_id = c.alert_id
    ), gone AS (
        DELETE FROM alert a USING chosen c WHERE a.alert_id = c.alert_id RETURNING 1
    )
    SELECT count(*) FROM gone
$$;

CREATE FUNCTION purge_pairs(in_before timestamptz, in_limit int) RETURNS bigint
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    ids bigint[];
BEGIN
    SELECT array_agg(pair_id) INTO ids FROM (
        SELECT p.pair_id FROM pair p
        WHERE p.updated_at < in_before AND p.state IN ('retracted', 'expired')
          AND NOT EXISTS (SELECT FROM alert a WHERE a.pair_id = p.pair_id)
        ORDER BY p.updated_at LIMIT in_limit) AS old;
    DELETE FROM alert_series WHERE pair_id = ANY (ids);
    DELETE FROM decision WHERE pair_id = ANY (ids);
    DELETE FROM pair WHERE pair_id = ANY (ids);
    RETURN coalesce(cardinality(ids), 0);
END
$$;

CREATE FUNCTION purge_parked_bodies(in_before timestamptz, in_limit int) RETURNS bigint
LANGUAGE sql
SET search_path = hulei, pg_temp
AS $$
    WITH gone AS (
        UPDATE parked SET state = 'discarded'
        WHERE parked_id IN (SELECT parked_id FROM parked WHERE state = 'parked' AND first_seen < in_before LIMIT in_limit)
        RETURNING 1)
    SELECT count(*) FROM gone
$$;

CREATE FUNCTION purge_rows(in_what text, in_before timestamptz, in_limit int) RETURNS bigint
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    source_of CONSTANT jsonb := '{
        "person_event": ["person_event", "at < $1"],
        "receipt":      ["outbox", "kind IN (''receipt'', ''outcome'', ''feed'', ''emergency'') AND state = ''sent'' AND sent_at < $1"],
        "parked":       ["parked", "state = ''discarded'' AND first_seen < $1"],
        "seen_event":   ["seen_event", "seen_at < $1"],
        "command":      ["command", "applied_at < $1"],
        "feed_counter": ["feed_counter", "day < $1::date"],
        "upload":       ["feed_upload", "at < $1"],
        "export":       ["export", "at < $1"]}';
    gone bigint;
BEGIN
    EXECUTE format('DELETE FROM %1$I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$I WHERE %2$s LIMIT $2))',
                   source_of->in_what->>0, source_of->in_what->>1) USING in_before, in_limit;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$;

-- One kind of rows at a time, in parts; a kind that was looked through rests for an hour.
CREATE FUNCTION retention_turn(in_limit int) RETURNS bigint
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    now_at CONSTANT timestamptz := clock();
    due retention;
    before timestamptz;
    gone bigint;
    total bigint := 0;
BEGIN
    FOR due IN SELECT * FROM retention WHERE last_at < now_at - interval '1 hour' ORDER BY what LOOP
        before := now_at - due.keep;
        gone := CASE due.what
            WHEN 'alert' THEN purge_alerts(before, in_limit)
            WHEN 'pair' THEN purge_pairs(before, in_limit)
            WHEN 'audit' THEN audit_cut(in_limit)
            WHEN 'parked_body' THEN purge_parked_bodies(before, in_limit)
            ELSE purge_rows(due.what, before, in_limit) END;
        IF gone < in_limit THEN
            UPDATE retention SET last_at = now_at WHERE what = due.what;
        END IF;
        total := total + gone;
    END LOOP;
    RETURN total;
END
$$;

-- Persons of whom nothing is left: their numbers go, too, once no pair tells who was told.
CREATE FUNCTION forget_persons(in_limit int) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    erasures bigint[];
    asked bigint[];
    gone bigint[];
BEGIN
    SELECT array_agg(erasure_id) INTO erasures FROM (
        SELECT erasure_id FROM erasure WHERE persons IS NOT NULL AND done_at IS NOT NULL ORDER BY erasure_id LIMIT in_limit) AS e;
    IF erasures IS NULL THEN
        RETURN;
    END IF;
    SELECT array_agg(DISTINCT n) INTO asked FROM erasure e, unnest(e.persons) AS n WHERE e.erasure_id = ANY (erasures);
    WITH RECURSIVE named AS (
        SELECT person_id FROM person WHERE person_id = ANY (asked)
        UNION
        SELECT a.person_id FROM person a JOIN named n ON a.alias_of = n.person_id
    )
    SELECT array_agg(n.person_id) INTO gone FROM named n
    WHERE NOT EXISTS (SELECT FROM mention m WHERE m.person_id = n.person_id);
    -- An alias of somebody who stays stays.
    SELECT array_agg(n) INTO gone FROM unnest(gone) AS n
    WHERE NOT EXISTS (SELECT FROM pair p WHERE p.child_person = n OR p.risk_person = n)
      AND NOT EXISTS (SELECT FROM person a WHERE a.alias_of = n AND a.person_id <> ALL (gone))
      AND NOT EXISTS (SELECT FROM person p WHERE p.person_id = n AND p.alias_of <> ALL (gone));
    DELETE FROM pair_rejection r WHERE r.risk_person = ANY (gone) OR (r.subject = 'child' AND r.subject_id = ANY (gone));
    DELETE FROM person_event v WHERE v.person_id = ANY (gone) OR v.other_person = ANY (gone);
    DELETE FROM person WHERE person_id = ANY (gone);
    UPDATE erasure e SET persons = CASE WHEN EXISTS (
               SELECT FROM unnest(e.persons) AS n JOIN pair p ON p.child_person = n OR p.risk_person = n
               WHERE NOT EXISTS (SELECT FROM mention m WHERE m.person_id = n)) THEN e.persons END
    WHERE e.erasure_id = ANY (erasures) AND e.ledgered_at IS NOT NULL;
END
$$;

-- What an alert rested on is no longer kept when the pair's time is over; that it was sent, when, and who read it is.
CREATE FUNCTION forget_expired_grounds() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    UPDATE alert a SET reasons = '{}', evidence = '{}'
    WHERE a.pair_id = NEW.pair_id
      AND NOT EXISTS (SELECT FROM outbox o WHERE o.alert_id = a.alert_id AND o.state IN ('queued', 'withdrawn'));
    RETURN NULL;
END
$$;
CREATE TRIGGER pair_expired AFTER UPDATE OF state ON pair
    FOR EACH ROW WHEN (NEW.state = 'expired' AND OLD.state <> 'expired') EXECUTE FUNCTION forget_expired_grounds();

CREATE FUNCTION expiry_debt() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
RETURN (SELECT count(*) FROM record WHERE ends_on < (SELECT clock_day()))
     + (SELECT count(*) FROM retention r CROSS JOIN LATERAL (
            SELECT a.alert_id FROM alert a JOIN pair p USING (pair_id)
            WHERE r.what = 'alert' AND p.state IN ('rejected', 'retracted', 'expired')
              AND greatest(a.created_at, p.updated_at) < (SELECT clock()) - r.keep - interval '1 day' LIMIT 1000) AS old);
COMMENT ON FUNCTION expiry_debt IS 'Rows kept past their time; must be 0.';

-- How a pair of these persons ends: of its time, when a record of theirs is past its end or went for that just now.
CREATE FUNCTION pair_end(in_child bigint, in_risk bigint) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM erasure e WHERE e.done_at = now() AND e.reason = 'expired'
                                       AND (in_child = ANY (e.persons) OR in_risk = ANY (e.persons)))
       OR EXISTS (SELECT FROM mention m JOIN record r USING (record_id)
                  WHERE m.person_id IN (in_child, in_risk) AND r.ends_on < clock_day()) THEN
        RETURN 'expire';
    END IF;
    RETURN 'retract';
END
$$;

-- The expiry engine's turn, once a second: asks the engine to forget what has ended, at most in_limit records, and
-- removes rows that are kept no longer.
CREATE FUNCTION expiry_turn(in_limit int, OUT asked bigint, OUT purged bigint, OUT debt bigint, OUT shift_us bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    today CONSTANT date := clock_day();
BEGIN
    INSERT INTO erasure (record_id, source_id, type, reason, rule)
    SELECT r.record_id, r.source_id, r.type, CASE r.ends_rule WHEN 'withdrawn' THEN 'withdrawn' ELSE 'expired' END, r.ends_rule
    FROM record r
    WHERE r.ends_on < today
      AND NOT EXISTS (SELECT FROM erasure e WHERE e.record_id = r.record_id AND e.done_at IS NULL)
    ORDER BY r.ends_on, r.record_id
    LIMIT in_limit
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS asked = ROW_COUNT;
    PERFORM erasure_requests_apply();
    PERFORM forget_persons(in_limit);
    purged := retention_turn(in_limit);
    debt := expiry_debt();
    shift_us := round(extract(epoch FROM clock() - clock_timestamp()) * 1000000);
END
$$;
COMMENT ON FUNCTION expiry_turn IS 'Also tells how far the deciding clock stands from the true one.';

REVOKE ALL ON retention FROM PUBLIC;
REVOKE ALL ON FUNCTION audit_cut, purge_alerts, purge_pairs, purge_parked_bodies, purge_rows, retention_turn, forget_persons,
    forget_expired_grounds, expiry_debt, pair_end,
    expiry_turn FROM PUBLIC;
REVOKE ALL ON FUNCTION evidence_records, forget_alerts, forget_identity, forget_receipts, forget_records, record_end_is_stated
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION expiry_debt, expiry_turn, pair_end, record_end_is_stated TO hulei_engine;
GRANT SELECT, UPDATE (ledgered_at) ON erasure TO hulei_engine;
GRANT SELECT ON erased_record TO hulei_engine;
