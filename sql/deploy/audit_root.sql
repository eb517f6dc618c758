-- Deploy hulei:audit_root to pg
SET ROLE hulei_owner;
SET search_path = hulei;

INSERT INTO setting VALUES ('audit_root_s', '3600');

-- What the next statement is to sign; no row: it is not due, or nothing was written since.
CREATE FUNCTION audit_root_draft() RETURNS TABLE (number bigint, at text, epoch int, previous bytea, lanes jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    last audit_root;
    heads CONSTANT jsonb := (SELECT jsonb_agg(jsonb_build_object('lane', l.lane, 'seq', l.head_seq, 'hash', encode(l.head_hash, 'hex'))
                                              ORDER BY l.lane COLLATE "C")
                             FROM audit_lane l WHERE l.head_seq > 0);
BEGIN
    SELECT * INTO last FROM audit_root r ORDER BY r.number DESC LIMIT 1;
    IF heads IS NULL OR last.lanes = heads
       OR last.at > clock_timestamp() - make_interval(secs => (SELECT s.value::int FROM setting s WHERE s.name = 'audit_root_s')) THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT coalesce(last.number, 0) + 1,
                        to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                        coalesce((SELECT max(k.epoch) FROM audit_key k), 1), sha256(coalesce(last.statement, '')), heads;
END
$$;
COMMENT ON FUNCTION audit_root_draft IS 'previous: SHA-256 of the statement before, of nothing before the first.';

-- The signed statement, on its way to the topic; from here on entries have the next key.
CREATE FUNCTION audit_root_put(in_number bigint, in_at timestamptz, in_epoch int, in_lanes jsonb, in_statement bytea, in_topic text)
    RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    queued bigint;
BEGIN
    INSERT INTO outbox (kind, topic, key, payload, headers, not_before)
    VALUES ('audit', in_topic, 'root', in_statement, '{"content-type": "application/json"}', clock())
    RETURNING outbox_id INTO queued;
    INSERT INTO audit_root (number, at, epoch, lanes, statement, outbox_id)
    VALUES (in_number, in_at, in_epoch, in_lanes, in_statement, queued);
    PERFORM audit_key_begin(k.epoch + 1, sha256('hulei/audit/next'::bytea || k.key)) FROM audit_key_now() AS k
    WHERE k.epoch = in_epoch;
END
$$;

CREATE FUNCTION audit_root_unfiled() RETURNS TABLE (number bigint, statement bytea)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    SELECT r.number, r.statement FROM audit_root r WHERE r.filed_at IS NULL ORDER BY r.number LIMIT 100
$$;

-- Statements up to this one stand in the auditor's file. Keys whose root has left both ways are forgotten.
CREATE FUNCTION audit_root_filed(in_number bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    forgotten bigint;
BEGIN
    UPDATE audit_root SET filed_at = clock_timestamp() WHERE number <= in_number AND filed_at IS NULL;
    UPDATE audit_key k SET key = NULL, inner_pad = NULL, outer_pad = NULL, erased_at = clock_timestamp()
    WHERE k.erased_at IS NULL AND k.epoch < (SELECT max(n.epoch) FROM audit_key n)
      AND k.epoch <= (SELECT max(r.epoch) FROM audit_root r
                      WHERE r.filed_at IS NOT NULL
                        AND NOT EXISTS (SELECT FROM outbox o WHERE o.outbox_id = r.outbox_id AND o.state <> 'sent'));
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END
$$;

-- For the outside auditor, by the owner's hand alone: from this epoch on he computes every key himself.
CREATE FUNCTION audit_key_hand_over(in_actor text) RETURNS TABLE (epoch int, key bytea)
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    k audit_key;
BEGIN
    PERFORM audit_append('admin', in_actor, 'operator', 'audit_key_hand_over', NULL, NULL, NULL, '{}');
    k := audit_key_now();
    RETURN QUERY SELECT k.epoch, k.key;
END
$$;

REVOKE ALL ON audit_key, audit_root FROM PUBLIC;
REVOKE ALL ON FUNCTION audit_root_draft, audit_root_put, audit_root_unfiled, audit_root_filed, audit_key_hand_over FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_root_draft, audit_root_put, audit_root_unfiled, audit_root_filed TO hulei_courier;
