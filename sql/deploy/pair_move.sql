-- Deploy hulei:pair_move to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE FUNCTION pair_move(in_subject_id bigint, in_risk bigint, to_subject_id bigint, to_risk bigint,
                          in_subject text DEFAULT 'child') RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    moved pair;
    is_moved boolean;
BEGIN
    -- What a reviewer rejected stays rejected under the new name.
    INSERT INTO pair_rejection (subject, subject_id, risk_person, evidence_hash)
    SELECT subject, to_subject_id, to_risk, evidence_hash FROM pair_rejection
    WHERE subject = in_subject AND subject_id = in_subject_id AND risk_person = in_risk
    ON CONFLICT DO NOTHING;
    UPDATE pair SET child_person = CASE in_subject WHEN 'child' THEN to_subject_id END,
                    unit_key = CASE in_subject WHEN 'unit' THEN to_subject_id END,
                    risk_person = to_risk, updated_at = clock()
    WHERE subject = in_subject AND subject_id = in_subject_id AND risk_person = in_risk
      AND state NOT IN ('retracted', 'expired')
      AND NOT EXISTS (SELECT FROM pair o
                      WHERE o.subject = in_subject AND o.subject_id = to_subject_id AND o.risk_person = to_risk)
    RETURNING * INTO moved;
    is_moved := FOUND;
    IF is_moved THEN
        PERFORM audit_append('engine', 'engine', 'engine', 'pair_moved', NULL, NULL, NULL,
                             jsonb_strip_nulls(jsonb_build_object(
                                 'pair', moved.public_id, 'child', CASE in_subject WHEN 'child' THEN to_subject_id END,
                                 'risk', to_risk)));
    END IF;
    -- What is asked under the new name may be what was rejected under one of the two: nobody is asked again.
    UPDATE pair SET resume_state = 'rejected'
    WHERE subject = in_subject AND subject_id = to_subject_id AND risk_person = to_risk AND state = 'disputed'
      AND resume_state IN ('in_review', 'needs_info')
      AND rejection_is_remembered(subject, subject_id, risk_person, evidence_hash);
    PERFORM pair_event(pair_id, version, 'retract', 'engine', '{"rejected_before": true}') FROM pair
    WHERE subject = in_subject AND subject_id = to_subject_id AND risk_person = to_risk
      AND state IN ('in_review', 'needs_info')
      AND rejection_is_remembered(subject, subject_id, risk_person, evidence_hash);
    RETURN is_moved;
END
$$;
COMMENT ON FUNCTION pair_move IS
    'A pair follows its records to the person that has them now, with its task, decisions and alerts. Its version stays: nobody decided anything, and an undo still finds what it undoes. False when the pair is there already: the old one is retracted then.';

REVOKE ALL ON FUNCTION pair_move(bigint, bigint, bigint, bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pair_move(bigint, bigint, bigint, bigint, text) TO hulei_engine;
