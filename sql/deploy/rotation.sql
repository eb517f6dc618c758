-- Deploy hulei:rotation to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE TABLE kek_retired (
    kek_id int PRIMARY KEY,
    at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    xid    xid8 NOT NULL DEFAULT pg_current_xact_id()
);
COMMENT ON TABLE kek_retired IS 'Key-encryption keys that wrap nothing any more; the transactions that may not have known are older than xid.';

CREATE FUNCTION kek_of(wrapped bytea) RETURNS int
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN length(wrapped) >= 6
            THEN (get_byte(wrapped, 2) << 24) | (get_byte(wrapped, 3) << 16) | (get_byte(wrapped, 4) << 8) | get_byte(wrapped, 5)
            ELSE 0 END;
COMMENT ON FUNCTION kek_of IS 'The key that wraps it, as its own header says.';

-- A process that was stopped while keys changed would otherwise write under a key that is gone when it goes on.
CREATE FUNCTION kek_refuse_retired() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM added WHERE kek_id <= (SELECT max(r.kek_id) FROM kek_retired r)) THEN
        RAISE EXCEPTION 'wrapped by a key that is retired' USING ERRCODE = 'HL045';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER data_key_retired_insert AFTER INSERT ON data_key REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION kek_refuse_retired();
CREATE TRIGGER data_key_retired_update AFTER UPDATE ON data_key REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION kek_refuse_retired();

CREATE FUNCTION factor_refuse_retired() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    IF kek_of(NEW.factor_key) <= (SELECT max(r.kek_id) FROM kek_retired r) THEN
        RAISE EXCEPTION 'wrapped by a key that is retired' USING ERRCODE = 'HL045';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER credential_retired BEFORE INSERT OR UPDATE OF factor_key ON credential
    FOR EACH ROW WHEN (NEW.factor_key IS NOT NULL) EXECUTE FUNCTION factor_refuse_retired();

REVOKE ALL ON kek_retired FROM PUBLIC;
REVOKE ALL ON FUNCTION kek_of, kek_refuse_retired, factor_refuse_retired FROM PUBLIC;
