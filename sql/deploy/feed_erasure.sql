-- Deploy hulei:feed_erasure to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE TABLE feed_erasure (
    topic      text NOT NULL,
    part       int NOT NULL,
    before_off bigint NOT NULL CHECK (before_off > 0),
    erased_to  bigint NOT NULL DEFAULT 0,
    asked_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, part)
);
COMMENT ON TABLE feed_erasure IS
    'What a seal erases in Kafka: messages before before_off, once the transaction that passed them is committed (FEEDS.md). erased_to: how far the broker did it.';

GRANT SELECT, INSERT, UPDATE ON feed_erasure TO hulei_engine;
