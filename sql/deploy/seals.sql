-- Deploy hulei:seals to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE FUNCTION seal_record(in_record_id bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    old_key bigint;
BEGIN
    SELECT data_key_id INTO old_key FROM record WHERE record_id = in_record_id FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- Pairs that rest on a person this record speaks of and that no other live record of concern carries are retracted
    -- by the engine in the same transaction; here only what the record itself left behind goes.
    DELETE FROM mention WHERE record_id = in_record_id;
    DELETE FROM place WHERE record_id = in_record_id;
    DELETE FROM record_history WHERE record_id = in_record_id;
    DELETE FROM record WHERE record_id = in_record_id;
    DELETE FROM data_key WHERE data_key_id = old_key;
END
$$;
COMMENT ON FUNCTION seal_record IS 'Erases a record with all versions, features and its key. The tombstone is written by the caller first.';
