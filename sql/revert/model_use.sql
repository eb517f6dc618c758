-- Revert hulei:model_use from pg
SET ROLE hulei_owner;
SET search_path = hulei;
DROP FUNCTION identity_keep;
DELETE FROM identity_decision WHERE verdict = 'kept';
ALTER TABLE identity_decision
    DROP CONSTRAINT identity_decision_who,
    DROP CONSTRAINT identity_decision_verdict,
    ALTER COLUMN account_id SET NOT NULL,
    ADD CONSTRAINT identity_decision_verdict_check CHECK (verdict IN ('same', 'different', 'unsure'));
DROP TABLE model_use;
