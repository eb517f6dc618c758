-- Deploy hulei:cards to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE TABLE card (
    mention_id bigint PRIMARY KEY REFERENCES mention ON DELETE CASCADE,
    masked     bytea NOT NULL,
    "full"     bytea NOT NULL,
    proof      bytea NOT NULL,
    places     bytea NOT NULL,
    buckets    int4[] NOT NULL
);
COMMENT ON TABLE card IS 'How a person block is shown and searched; goes with its mention, and with its record''s data key.';
COMMENT ON COLUMN card.masked IS 'The masked name, sealed, bound to card/masked/mention_id.';
COMMENT ON COLUMN card."full" IS 'Name, sex, birth year and addresses, sealed, bound to card/full/mention_id: comes out by a sheet of a task or a look.';
COMMENT ON COLUMN card.proof IS 'Keyed hashes of number, phones, and names with birth year, sealed: they say which card of a bucket a search means.';
COMMENT ON COLUMN card.places IS 'Where the person lives, works, is barred from, sealed: for the map of a task.';
COMMENT ON COLUMN card.buckets IS 'The same hashes, cut to 16 bits, so that several persons share each.';
CREATE INDEX card_buckets ON card USING gin (buckets);

-- Nobody reads it but the doors; the engine writes it.
ALTER TABLE card ENABLE ROW LEVEL SECURITY;
ALTER TABLE card FORCE ROW LEVEL SECURITY;
CREATE POLICY doors ON card TO hulei_owner, hulei_engine USING (true) WITH CHECK (true);

REVOKE ALL ON card FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE ON card TO hulei_engine;
