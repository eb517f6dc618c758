-- Deploy hulei:seals to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE FUNCTION seal_record(in_record_id bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    old_key bigint;
    persons bigint[];
BEGIN
    SELECT data_key_id INTO old_key FROM record WHERE record_id = in_record_id FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- Whether a pair still holds without this record, the engine knows: it retracts in the same transaction, and the
    -- retraction cancels what was told and erases the pair's reasons. What alerts already sent were based on goes here.
    SELECT array_agg(person_id) INTO persons FROM mention WHERE record_id = in_record_id;
    UPDATE alert a SET reasons = '{}', evidence = '{}'
    FROM pair p
    WHERE p.pair_id = a.pair_id AND (p.child_person = ANY (persons) OR p.risk_person = ANY (persons))
      AND NOT EXISTS (SELECT FROM outbox o WHERE o.alert_id = a.alert_id AND o.state = 'queued');
    DELETE FROM identity_decision d USING mention m
    WHERE m.record_id = in_record_id AND m.mention_id IN (d.mention_a, d.mention_b);
    DELETE FROM mention WHERE record_id = in_record_id;
    DELETE FROM place WHERE record_id = in_record_id;
    DELETE FROM record_history WHERE record_id = in_record_id;
    DELETE FROM record WHERE record_id = in_record_id;
    DELETE FROM data_key WHERE data_key_id = old_key;
END
$$;
COMMENT ON FUNCTION seal_record IS 'Erases a record with all versions, features and its key. The tombstone is written by the caller first.';

-- Copies of the sealed record that were refused earlier go with it.
CREATE FUNCTION seal_parked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    UPDATE parked SET state = 'discarded' WHERE tombstone = NEW.tombstone AND state <> 'discarded';
    RETURN NULL;
END
$$;
CREATE TRIGGER seal_tombstone_parked AFTER INSERT ON seal_tombstone
    FOR EACH ROW EXECUTE FUNCTION seal_parked();
