-- Deploy hulei:intake to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE TABLE schema_version (version int PRIMARY KEY);
COMMENT ON TABLE schema_version IS 'What the daemon checks at start; it never migrates.';
INSERT INTO schema_version VALUES (1);

CREATE TABLE setting (name text PRIMARY KEY, value text NOT NULL);
COMMENT ON TABLE setting IS 'Values SQL functions need and operators may change, e.g. undo_window_s.';
INSERT INTO setting VALUES ('undo_window_s', '60');

CREATE TABLE source (
    source_id  smallint PRIMARY KEY,
    urn        text NOT NULL UNIQUE,
    topic      text NOT NULL,
    department text NOT NULL
);
COMMENT ON TABLE source IS 'The departments'' systems of config/feeds.yaml, interned by the engine.';

CREATE TABLE data_key (
    data_key_id bigint PRIMARY KEY,
    wrapped     bytea NOT NULL CHECK (length(wrapped) BETWEEN 32 AND 200),
    kek_id      int NOT NULL GENERATED ALWAYS AS (
        (get_byte(wrapped, 2) << 24) | (get_byte(wrapped, 3) << 16) | (get_byte(wrapped, 4) << 8) | get_byte(wrapped, 5)) STORED
);
COMMENT ON COLUMN data_key.kek_id IS 'Number of the key that wraps it, from the wrapped key''s own header (daemon/common/vault.c).';
CREATE INDEX data_key_kek ON data_key (kek_id, data_key_id);
COMMENT ON TABLE data_key IS 'One data key per record and per parked message, wrapped by a key-encryption key. Deleting a row erases what it sealed.';

CREATE TABLE record (
    record_id    bigint PRIMARY KEY,
    source_id    smallint NOT NULL REFERENCES source,
    type         smallint NOT NULL,
    subject      text NOT NULL CHECK (length(subject) BETWEEN 1 AND 200),
    state        text NOT NULL CHECK (state IN ('live', 'withdrawn')),
    version_time timestamptz NOT NULL,
    part         int NOT NULL,
    off          bigint NOT NULL,
    event_id     text NOT NULL,
    digest       bytea NOT NULL CHECK (length(digest) = 16),
    data_key_id  bigint REFERENCES data_key,
    body         bytea,
    facts        bytea,
    updated_at   timestamptz NOT NULL,
    ends_on      date,
    ends_rule    text,
    ends_held    boolean NOT NULL DEFAULT false,
    basis        bytea CHECK (length(basis) = 16),
    UNIQUE (source_id, type, subject)
) WITH (fillfactor = 90);
COMMENT ON TABLE record IS 'The newest version of each (source, type, subject). A withdrawn one stays as a marker without body.';
COMMENT ON COLUMN record.subject IS 'The department''s own record number; opaque, never a name or a citizen number.';
COMMENT ON COLUMN record.version_time IS 'When the fact was true at the source; ties go to the higher (part, off).';
COMMENT ON COLUMN record.digest IS 'Keyed hash of the body, to tell an unchanged record.';
COMMENT ON COLUMN record.body IS 'Normalised JSON, sealed (vault.h), bound to record/body/record_id.';
COMMENT ON COLUMN record.facts IS 'What the engine''s index needs, sealed, bound to record/facts/record_id.';
COMMENT ON COLUMN record.ends_on IS 'The last day it is kept; NULL: it names nobody.';
COMMENT ON COLUMN record.ends_rule IS 'Why then (daemon/engine/ends.h).';
COMMENT ON COLUMN record.ends_held IS 'A later end was asked for on the same basis and not given.';
COMMENT ON COLUMN record.basis IS 'Keyed hash of what the record rests on: legal basis, case, judgment, authority.';
CREATE INDEX record_key ON record (data_key_id);
CREATE INDEX record_ends ON record (ends_on) WHERE ends_on IS NOT NULL;
CREATE INDEX record_withdrawn ON record (source_id, updated_at) WHERE state = 'withdrawn';
CREATE INDEX record_live ON record (source_id) WHERE state = 'live';
-- Ciphertext does not compress: do not try.
ALTER TABLE record ALTER COLUMN body SET STORAGE EXTERNAL, ALTER COLUMN facts SET STORAGE EXTERNAL;

CREATE TABLE record_history (
    record_id    bigint NOT NULL REFERENCES record ON DELETE CASCADE,
    version_time timestamptz NOT NULL,
    part         int NOT NULL,
    off          bigint NOT NULL,
    event_id     text NOT NULL,
    state        text NOT NULL CHECK (state IN ('live', 'withdrawn')),
    body         bytea,
    stored_at    timestamptz NOT NULL,
    PRIMARY KEY (record_id, version_time, part, off)
);
COMMENT ON TABLE record_history IS 'Versions that were replaced or arrived late; bodies under the record''s own key.';
ALTER TABLE record_history ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE TABLE seen_event (
    source_id  smallint NOT NULL,
    event_hash bytea NOT NULL CHECK (length(event_hash) = 16),
    seen_at    timestamptz NOT NULL,
    PRIMARY KEY (source_id, event_hash)
);
COMMENT ON TABLE seen_event IS 'Keyed hashes of the (source, id) pairs that were processed: a repeat changes nothing.';

CREATE TABLE seal_tombstone (
    tombstone  bytea PRIMARY KEY CHECK (length(tombstone) = 32),
    effective  timestamptz NOT NULL,
    created_at timestamptz NOT NULL
);
COMMENT ON TABLE seal_tombstone IS 'Keyed hash of (source, type, subject) of sealed records: a copy sent again is dropped.';

CREATE TABLE parked (
    parked_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic       text NOT NULL,
    part        int NOT NULL,
    off         bigint NOT NULL,
    source_id   smallint REFERENCES source,
    event_id    text,
    code        text NOT NULL,
    field       text,
    rule        text,
    stage       text NOT NULL,
    first_seen  timestamptz NOT NULL,
    attempts    int NOT NULL CHECK (attempts > 0),
    state       text NOT NULL CHECK (state IN ('parked', 'requeued', 'discarded')),
    data_key_id bigint REFERENCES data_key ON DELETE SET NULL,
    body        bytea,
    tombstone   bytea,
    UNIQUE (topic, part, off)
);
COMMENT ON TABLE parked IS 'Refused messages (dead letters), sealed whole, in the transaction that moved the offset past them.';
COMMENT ON COLUMN parked.body IS 'Key, headers and value, sealed; NULL once discarded, or requeued and not refused again.';
COMMENT ON COLUMN parked.tombstone IS 'Keyed hash of (source, type, subject) where they could be read: a seal finds its parked copies by it.';
CREATE INDEX parked_tombstone ON parked (tombstone) WHERE tombstone IS NOT NULL;
CREATE INDEX parked_key ON parked (data_key_id) WHERE data_key_id IS NOT NULL;
CREATE INDEX parked_open ON parked (parked_id) WHERE state = 'parked';

CREATE TABLE feed_counter (
    topic     text NOT NULL,
    source_id smallint NOT NULL,
    day       date NOT NULL,
    outcome   text NOT NULL CHECK (outcome IN ('accepted', 'unchanged', 'superseded', 'refused', 'sealed')),
    n         bigint NOT NULL CHECK (n > 0),
    PRIMARY KEY (topic, source_id, day, outcome)
);
COMMENT ON TABLE feed_counter IS 'pushed = accepted + unchanged + superseded + refused; sealed is the dropped part of refused. source_id 0: unknown source.';

CREATE TABLE ingest_offset (
    topic         text NOT NULL,
    part          int NOT NULL,
    next_offset   bigint NOT NULL CHECK (next_offset >= 0),
    anchor_offset bigint,
    anchor_hash   bytea,
    cluster_id    text,
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, part)
);
COMMENT ON TABLE ingest_offset IS 'Feed positions; moved by compare-and-set in the transaction of the rows they cover. The anchor is the last message read.';

CREATE TABLE ingest_gap (
    topic       text NOT NULL,
    part        int NOT NULL,
    from_offset bigint NOT NULL,
    to_offset   bigint NOT NULL CHECK (to_offset > from_offset),
    found_at    timestamptz NOT NULL,
    PRIMARY KEY (topic, part, from_offset)
);
COMMENT ON TABLE ingest_gap IS 'Messages [from, to) that retention deleted before they were read.';

CREATE TABLE engine_lease (
    role          text PRIMARY KEY CHECK (role IN ('engine', 'courier', 'emergency')),
    owner         text,
    backend_pid   int NOT NULL,
    backend_start timestamptz NOT NULL,
    fence         bigint NOT NULL,
    renewed_at    timestamptz NOT NULL
);
COMMENT ON TABLE engine_lease IS 'Who leads; every transaction of the leader locks its row and compares the fence.';

CREATE TABLE role_status (
    role       text PRIMARY KEY,
    pid        int NOT NULL,
    started_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    detail     jsonb NOT NULL
);
COMMENT ON TABLE role_status IS 'What hulei status shows: numbers and words only.';

-- A discarded message leaves its place and its reason, never its body.
CREATE FUNCTION parked_forget() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    UPDATE parked SET body = NULL, data_key_id = NULL WHERE parked_id = OLD.parked_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER parked_discarded AFTER UPDATE ON parked
    FOR EACH ROW WHEN (NEW.state = 'discarded' AND OLD.state <> 'discarded') EXECUTE FUNCTION parked_forget();

-- A key that sealed nothing else goes with the body it sealed; so does the old one of a message parked again.
CREATE FUNCTION parked_drop_key() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    DELETE FROM data_key WHERE data_key_id = OLD.data_key_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER parked_key_changed AFTER UPDATE ON parked
    FOR EACH ROW WHEN (OLD.data_key_id IS DISTINCT FROM NEW.data_key_id) EXECUTE FUNCTION parked_drop_key();
