-- Deploy hulei:persons to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE TABLE person (
    person_id  bigint PRIMARY KEY,
    grade      text NOT NULL CHECK (grade IN ('confirmed', 'strong', 'probable')),
    alias_of   bigint REFERENCES person DEFERRABLE INITIALLY DEFERRED CHECK (alias_of <> person_id),
    anchor     bigint,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
COMMENT ON TABLE person IS 'Clusters of mentions. Ids are stable: a person that was merged stays as an alias of the one that took its mentions.';
COMMENT ON COLUMN person.anchor IS 'Of an alias: the oldest mention it had when it was merged. It leads to whoever holds that one.';
CREATE INDEX person_alias ON person (alias_of) WHERE alias_of IS NOT NULL;

CREATE TABLE mention (
    mention_id bigint PRIMARY KEY,
    record_id  bigint NOT NULL REFERENCES record ON DELETE CASCADE,
    slot       smallint NOT NULL CHECK (slot BETWEEN 0 AND 15),
    role       smallint NOT NULL,
    person_id  bigint NOT NULL REFERENCES person DEFERRABLE INITIALLY DEFERRED,
    canonical  bytea NOT NULL CHECK (length(canonical) = 8),
    features   bytea NOT NULL,
    UNIQUE (record_id, slot)
) WITH (fillfactor = 90);
COMMENT ON TABLE mention IS 'One person block of a live record; mention_id = record_id * 16 + slot, slot 0 is the record''s own person.';
COMMENT ON COLUMN mention.role IS '0 own person, 1 parent, 2 entrusted guardian, 3 teacher, 4 mentor.';
COMMENT ON COLUMN mention.canonical IS 'Keyed hash of (source, type, subject, slot): the order in which clusters are built.';
COMMENT ON COLUMN mention.features IS 'Comparison features, sealed, bound to mention/features/mention_id.';
CREATE INDEX mention_person ON mention (person_id);

CREATE TABLE person_event (
    event_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id    bigint NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('created', 'joined', 'left', 'merged', 'split', 'frozen', 'retired',
                                               'graded')),
    other_person bigint,
    at           timestamptz NOT NULL
);
COMMENT ON TABLE person_event IS 'Every change of a cluster, and of its grade (graded).';
CREATE INDEX person_event_person ON person_event (person_id, event_id);

CREATE TABLE identity_decision (
    decision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mention_a   bigint NOT NULL,
    mention_b   bigint NOT NULL CHECK (mention_b <> mention_a),
    verdict     text NOT NULL CHECK (verdict IN ('same', 'different', 'unsure')),
    account_id  bigint NOT NULL,
    at          timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE identity_decision IS 'Human decisions on two mentions; the last one per pair counts and wins over the model both ways.';

CREATE TABLE place (
    record_id     bigint PRIMARY KEY REFERENCES record ON DELETE CASCADE,
    place_id_hash bytea NOT NULL,
    features      bytea NOT NULL,
    area_code     bigint NOT NULL
);
CREATE INDEX place_area ON place (area_code);
COMMENT ON TABLE place IS 'The standard address library, sealed, bound to place/features/record_id.';
COMMENT ON COLUMN place.area_code IS 'Its division, 12 digits; 0 unknown: the coarse cell by which a map finds what is around.';
