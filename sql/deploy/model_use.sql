-- Deploy hulei:model_use to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE TABLE model_use (
    model_use_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fingerprint  bytea NOT NULL,
    dated        text NOT NULL,
    approved_by  text NOT NULL,
    activated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE model_use IS 'Which identity model clustered the persons since when; the last row is the present one.';

-- What an earlier model joined and the new one half supports stays together: no human decided, the activation did.
ALTER TABLE identity_decision DROP CONSTRAINT identity_decision_verdict_check;
ALTER TABLE identity_decision
    ALTER COLUMN account_id DROP NOT NULL,
    ADD CONSTRAINT identity_decision_verdict CHECK (verdict IN ('same', 'different', 'unsure', 'kept')),
    ADD CONSTRAINT identity_decision_who CHECK ((verdict = 'kept') = (account_id IS NULL));

-- Never over a human's word.
CREATE FUNCTION identity_keep(in_mentions_a bigint[], in_mentions_b bigint[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    WITH kept AS (
        INSERT INTO identity_decision (mention_a, mention_b, verdict)
        SELECT n.a, n.b, 'kept' FROM unnest(in_mentions_a, in_mentions_b) AS n (a, b)
        WHERE NOT EXISTS (SELECT FROM identity_decision d
                          WHERE (d.mention_a, d.mention_b) IN ((n.a, n.b), (n.b, n.a)))
        RETURNING 1)
    SELECT count(*) FROM kept
$$;
COMMENT ON FUNCTION identity_keep IS 'The only door for links kept at the activation of a model.';

REVOKE ALL ON model_use FROM PUBLIC;
REVOKE ALL ON FUNCTION identity_keep FROM PUBLIC;
GRANT SELECT, INSERT ON model_use TO hulei_engine;
GRANT EXECUTE ON FUNCTION identity_keep(bigint[], bigint[]) TO hulei_engine;
