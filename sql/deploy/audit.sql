-- Deploy hulei:audit to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE TABLE audit_lane (
    lane      text PRIMARY KEY,
    head_seq  bigint NOT NULL,
    head_hash bytea NOT NULL
);
COMMENT ON TABLE audit_lane IS 'Head of each writer''s hash chain; only its own writer locks it.';

CREATE TABLE audit_entry (
    lane     text NOT NULL REFERENCES audit_lane,
    seq      bigint NOT NULL CHECK (seq > 0),
    at       timestamptz NOT NULL,
    actor    text NOT NULL,
    role     text NOT NULL,
    action   text NOT NULL,
    purpose  text,
    subject  bytea,
    alert_id text,
    detail   jsonb NOT NULL,
    hash     bytea NOT NULL CHECK (length(hash) = 32),
    epoch    int NOT NULL,
    mac      bytea NOT NULL CHECK (length(mac) = 32),
    PRIMARY KEY (lane, seq)
);
COMMENT ON COLUMN audit_entry.mac IS 'HMAC-SHA-256 of the hash under the key of that epoch (audit_key), which is erased within hours.';
COMMENT ON TABLE audit_entry IS 'Append-only. hash = SHA-256(previous hash, canonical entry); subject is a blinded id, never a name.';
CREATE INDEX audit_entry_subject ON audit_entry (subject) WHERE subject IS NOT NULL;

CREATE TABLE audit_checkpoint (
    lane   text PRIMARY KEY REFERENCES audit_lane,
    seq    bigint NOT NULL,
    hash   bytea NOT NULL CHECK (length(hash) = 32),
    cut_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE audit_checkpoint IS 'The last entry of a lane that was cut for its age: the chain goes on from its hash.';

CREATE TABLE audit_key (
    epoch     int PRIMARY KEY,
    key       bytea,
    inner_pad bytea,
    outer_pad bytea,
    begun_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    erased_at timestamptz,
    CHECK ((erased_at IS NULL) = (key IS NOT NULL))
);
COMMENT ON TABLE audit_key IS 'Keys of the entries'' MACs. Each follows from the one before and not the other way round; a key is erased once a root over its entries has left: who takes the machine later cannot make entries of before.';

CREATE TABLE audit_root (
    number    bigint PRIMARY KEY,
    at        timestamptz NOT NULL,
    epoch     int NOT NULL,
    lanes     jsonb NOT NULL,
    statement bytea NOT NULL,
    outbox_id bigint,
    filed_at  timestamptz
);
COMMENT ON TABLE audit_root IS 'Signed statements of where every lane stood, as they left to the auditor''s topic and file (daemon/common/audit_root.h).';
COMMENT ON COLUMN audit_root.lanes IS '[{"lane", "seq", "hash"}]: the heads that the statement signs.';

-- A key's block, exclusive-or with one byte (RFC 2104).
CREATE FUNCTION audit_pad(in_key bytea, in_byte int) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    pad bytea := in_key || decode(repeat('00', 64 - length(in_key)), 'hex');
BEGIN
    FOR i IN 0 .. 63 LOOP
        pad := set_byte(pad, i, get_byte(pad, i) # in_byte);
    END LOOP;
    RETURN pad;
END
$$;

CREATE FUNCTION audit_key_begin(in_epoch int, in_key bytea) RETURNS void
LANGUAGE sql
SET search_path = hulei, pg_temp
AS $$
    INSERT INTO audit_key (epoch, key, inner_pad, outer_pad)
    VALUES (in_epoch, in_key, audit_pad(in_key, 54), audit_pad(in_key, 92)) ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION audit_key_now() RETURNS audit_key
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    k audit_key;
BEGIN
    SELECT * INTO k FROM audit_key ORDER BY epoch DESC LIMIT 1;
    IF NOT FOUND THEN
        PERFORM audit_key_begin(1, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
        SELECT * INTO k FROM audit_key ORDER BY epoch DESC LIMIT 1;
    END IF;
    RETURN k;
END
$$;

CREATE FUNCTION audit_mac(k audit_key, in_hash bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE
RETURN sha256((k).outer_pad || sha256((k).inner_pad || in_hash));

CREATE FUNCTION audit_canonical(lane text, seq bigint, at timestamptz, actor text, role text, action text, purpose text,
                                subject bytea, alert_id text, detail jsonb) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
RETURN convert_to((
    SELECT string_agg(coalesce(octet_length(convert_to(field, 'UTF8'))::text || ':' || field, '-'), ',' ORDER BY place)
    FROM unnest(ARRAY[lane, seq::text, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), actor, role,
                      action, purpose, encode(subject, 'hex'), alert_id, detail::text])
         WITH ORDINALITY AS f (field, place)), 'UTF8');
COMMENT ON FUNCTION audit_canonical IS
    'The bytes of an entry that its hash covers: each field as <bytes>:<text>, an absent one as -, joined by commas. daemon/common/audit.c makes the same bytes without asking the database.';

CREATE FUNCTION audit_append(in_lane text, in_actor text, in_role text, in_action text, in_purpose text,
                             in_subject bytea, in_alert_id text, in_detail jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    head audit_lane;
    now_at CONSTANT timestamptz := clock_timestamp();
    next_hash bytea;
    k audit_key;
BEGIN
    IF (session_user = 'hulei_engine' AND in_lane NOT IN ('engine', 'admin'))
       OR (session_user = 'hulei_courier' AND in_lane NOT IN ('courier', 'emergency'))
       OR (session_user = 'hulei_console' AND in_lane NOT LIKE 'console%') THEN
        RAISE EXCEPTION 'this role does not write that lane' USING ERRCODE = 'HL008';
    END IF;
    SELECT * INTO head FROM audit_lane WHERE lane = in_lane FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO audit_lane VALUES (in_lane, 0, '\x') ON CONFLICT (lane) DO NOTHING;
        SELECT * INTO head FROM audit_lane WHERE lane = in_lane FOR UPDATE;
    END IF;
    k := audit_key_now(); -- behind the lane's lock: epochs never go back
    next_hash := sha256(head.head_hash || audit_canonical(in_lane, head.head_seq + 1, now_at, in_actor, in_role,
                                                          in_action, in_purpose, in_subject, in_alert_id, in_detail));
    INSERT INTO audit_entry VALUES (in_lane, head.head_seq + 1, now_at, in_actor, in_role, in_action, in_purpose,
                                    in_subject, in_alert_id, in_detail, next_hash, k.epoch, audit_mac(k, next_hash));
    UPDATE audit_lane SET head_seq = head.head_seq + 1, head_hash = next_hash WHERE lane = in_lane;
    RETURN head.head_seq + 1;
END
$$;
COMMENT ON FUNCTION audit_append IS 'The only door to the audit chain; call it in the transaction of the act.';

CREATE FUNCTION audit_refuse_change() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'audit entries are append-only' USING ERRCODE = 'HL009';
END
$$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();

-- What a checkpoint covers may go, nothing else.
CREATE FUNCTION audit_refuse_delete() RETURNS trigger
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM removed r LEFT JOIN audit_checkpoint c USING (lane) WHERE c.seq IS NULL OR r.seq > c.seq) THEN
        RAISE EXCEPTION 'audit entries are append-only' USING ERRCODE = 'HL009';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER audit_entry_stays AFTER DELETE ON audit_entry REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_delete();
CREATE TRIGGER audit_lane_stays BEFORE DELETE OR TRUNCATE ON audit_lane
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();

CREATE FUNCTION audit_verify() RETURNS TABLE (lane text, seq bigint, fault text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    WITH entry AS (
        SELECT e.*, lag(e.hash, 1, coalesce(c.hash, '\x')) OVER w AS previous_hash,
               lag(e.seq, 1, coalesce(c.seq, 0)) OVER w AS previous_seq,
               row_number() OVER (PARTITION BY e.lane ORDER BY e.seq DESC) = 1 AS is_last
        FROM audit_entry e LEFT JOIN audit_checkpoint c USING (lane)
        WINDOW w AS (PARTITION BY e.lane ORDER BY e.seq)
    )
    SELECT e.lane, e.seq, CASE
               WHEN e.seq <> e.previous_seq + 1 THEN 'entries are missing before it'
               WHEN e.hash <> sha256(e.previous_hash || audit_canonical(e.lane, e.seq, e.at, e.actor, e.role, e.action,
                                     e.purpose, e.subject, e.alert_id, e.detail)) THEN 'the entry was changed'
               ELSE 'entries are missing after it'
           END
    FROM entry e JOIN audit_lane l USING (lane)
    WHERE e.seq <> e.previous_seq + 1
       OR e.hash <> sha256(e.previous_hash || audit_canonical(e.lane, e.seq, e.at, e.actor, e.role, e.action, e.purpose,
                                                             e.subject, e.alert_id, e.detail))
       OR (e.is_last AND (e.seq <> l.head_seq OR e.hash <> l.head_hash))
    ORDER BY e.lane, e.seq
$$;
COMMENT ON FUNCTION audit_verify IS 'Every fault of every lane; no row means sound as far as the database alone can tell.';
