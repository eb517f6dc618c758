-- Deploy hulei:clock to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- What decides on time asks this one clock. A row `clock_shift` of the table setting moves it, so that a test travels
-- years in a minute; only the owner writes that table, and in service the row is absent. The audit chain, leases and
-- figures of operation keep the true time.
-- In a query over many rows write (SELECT clock()): it is asked once then.
CREATE FUNCTION clock() RETURNS timestamptz
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    RETURN clock_timestamp() + coalesce((SELECT s.value::interval FROM hulei.setting s WHERE s.name = 'clock_shift'),
                                        interval '0');
END
$$;
COMMENT ON FUNCTION clock IS 'The time by which reviews, deadlines, expiry and undo are decided.';

CREATE FUNCTION clock_day() RETURNS date
LANGUAGE sql VOLATILE
RETURN (hulei.clock() AT TIME ZONE 'Asia/Shanghai')::date;
COMMENT ON FUNCTION clock_day IS 'The day of clock() in China Standard Time.';

REVOKE ALL ON FUNCTION clock, clock_day FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clock, clock_day TO hulei_engine, hulei_courier, hulei_console;
