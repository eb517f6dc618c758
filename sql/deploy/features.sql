-- Deploy hulei:features to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE TABLE features_state (
    is_only     boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    version     text NOT NULL,
    next_record bigint,
    changed_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE features_state IS 'Which version of the program''s features the sealed columns mention.features, record.facts and place.features hold.';
COMMENT ON COLUMN features_state.next_record IS 'While they are made anew: records below this one are done. NULL: all are.';

REVOKE ALL ON features_state FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE ON features_state TO hulei_engine;
