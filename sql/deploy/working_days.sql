-- Deploy hulei:working_days to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- Monday to Friday are worked; here stand the days for which that is not so.
CREATE TABLE calendar_day (
    day        date PRIMARY KEY,
    is_working boolean NOT NULL,
    name       text NOT NULL CHECK (name <> ''),
    source     text NOT NULL CHECK (source <> '')
);
COMMENT ON TABLE calendar_day IS 'Holidays and make-up working days (调休) as shipped; other days go by the week. The calendar feed outranks them.';

INSERT INTO calendar_day (day, is_working, name, source)
SELECT from_day + n, is_working, name, '国务院办公厅关于2026年部分节假日安排的通知 (2025-11-04)'
FROM (VALUES
    (date '2026-01-01', date '2026-01-03', false, '元旦'),
    (date '2026-01-04', date '2026-01-04', true,  '元旦调休'),
    (date '2026-02-14', date '2026-02-14', true,  '春节调休'),
    (date '2026-02-15', date '2026-02-23', false, '春节'),
    (date '2026-02-28', date '2026-02-28', true,  '春节调休'),
    (date '2026-04-04', date '2026-04-06', false, '清明节'),
    (date '2026-05-01', date '2026-05-05', false, '劳动节'),
    (date '2026-05-09', date '2026-05-09', true,  '劳动节调休'),
    (date '2026-06-19', date '2026-06-21', false, '端午节'),
    (date '2026-09-20', date '2026-09-20', true,  '国庆节调休'),
    (date '2026-09-25', date '2026-09-27', false, '中秋节'),
    (date '2026-10-01', date '2026-10-07', false, '国庆节'),
    (date '2026-10-10', date '2026-10-10', true,  '国庆节调休')) AS span (from_day, to_day, is_working, name),
    generate_series(0, to_day - from_day) AS n;

-- What the calendar feed says (hulei.calendar.v1), one row for each span of days of a record.
CREATE TABLE calendar_span (
    record_id bigint NOT NULL REFERENCES record ON DELETE CASCADE,
    line      smallint NOT NULL,
    kind      text NOT NULL CHECK (kind IN ('term', 'vacation', 'holiday', 'workday')),
    from_day  date NOT NULL,
    to_day    date NOT NULL CHECK (to_day >= from_day),
    name      text,
    said_at   timestamptz NOT NULL,
    part      int NOT NULL,
    off       bigint NOT NULL,
    PRIMARY KEY (record_id, line)
);
COMMENT ON TABLE calendar_span IS 'Holidays, make-up working days, school terms and vacations of the live calendar records.';
COMMENT ON COLUMN calendar_span.said_at IS 'Source time of the record; of two records about one day the newer counts, ties go to the higher (part, off).';
CREATE INDEX calendar_span_days ON calendar_span (to_day, from_day);

INSERT INTO setting VALUES ('office_opens', '09:00'), ('office_closes', '17:00');

-- What the feed said last of a day, among two kinds that exclude each other; within a record the later line counts.
CREATE FUNCTION calendar_said(in_day date, in_kinds text[]) RETURNS text
LANGUAGE sql STABLE
RETURN (SELECT s.kind FROM hulei.calendar_span s
        WHERE s.to_day >= in_day AND s.from_day <= in_day AND s.kind = ANY (in_kinds)
        ORDER BY s.said_at DESC, s.part DESC, s.off DESC, s.line DESC
        LIMIT 1);

CREATE FUNCTION is_working_day(in_day date) RETURNS boolean
LANGUAGE sql STABLE
RETURN coalesce(hulei.calendar_said(in_day, '{holiday,workday}') = 'workday',
                (SELECT c.is_working FROM hulei.calendar_day c WHERE c.day = in_day),
                extract(isodow FROM in_day) < 6);
COMMENT ON FUNCTION is_working_day IS 'Whether offices work on this day of China Standard Time: the feed, else the shipped days, else the week.';

CREATE FUNCTION is_school_term(in_day date) RETURNS boolean
LANGUAGE sql STABLE
RETURN hulei.calendar_said(in_day, '{term,vacation}') = 'term';
COMMENT ON FUNCTION is_school_term IS 'Whether schools are in term on this day; NULL where the calendar feed says nothing.';

-- Deadlines that do not run round the clock. Days that are not worked stand still:
--   minute         the clock's minutes on working days, midnight to midnight
--   office_minute  minutes of office hours (settings office_opens, office_closes)
--   day            working days: the same time of the n-th working day after; from a day that is not worked, the
--                  opening hour of the next working day is the beginning
CREATE FUNCTION working_deadline(from_time timestamptz, amount integer, unit text) RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT
SET search_path = hulei, pg_temp
AS $$
DECLARE
    opens CONSTANT time := (SELECT value::time FROM setting WHERE name = 'office_opens');
    closes CONSTANT time := (SELECT value::time FROM setting WHERE name = 'office_closes');
    now_at timestamp := from_time AT TIME ZONE 'Asia/Shanghai';
    day_from timestamp;
    day_to timestamp;
    left_over interval := make_interval(mins => amount);
    days_left integer := amount;
BEGIN
    IF amount < 0 OR unit NOT IN ('minute', 'office_minute', 'day') THEN
        RAISE EXCEPTION 'working_deadline: amount must not be negative, unit minute, office_minute or day';
    END IF;
    LOOP
        day_from := now_at::date + CASE unit WHEN 'minute' THEN time '00:00' ELSE opens END;
        day_to := CASE unit WHEN 'office_minute' THEN now_at::date + closes ELSE now_at::date + interval '1 day' END;
        IF NOT is_working_day(now_at::date) THEN
            now_at := (now_at::date + 1) + CASE unit WHEN 'minute' THEN time '00:00' ELSE opens END;
        ELSIF unit = 'day' THEN
            IF days_left = 0 THEN
                RETURN now_at AT TIME ZONE 'Asia/Shanghai';
            END IF;
            LOOP
                now_at := now_at + interval '1 day';
                EXIT WHEN is_working_day(now_at::date);
            END LOOP;
            days_left := days_left - 1;
        ELSE
            now_at := greatest(now_at, day_from);
            IF now_at + left_over <= day_to THEN
                RETURN (now_at + left_over) AT TIME ZONE 'Asia/Shanghai';
            END IF;
            left_over := left_over - greatest(day_to - now_at, interval '0');
            now_at := (now_at::date + 1) + CASE unit WHEN 'minute' THEN time '00:00' ELSE opens END;
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION working_deadline IS 'When so much working time has passed; DOMAIN.md E.4, Clock.';

-- Red runs round the clock; orange and below stand still on days that are not worked.
CREATE OR REPLACE FUNCTION review_due(tier smallint, from_time timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE
RETURN CASE tier WHEN 1 THEN from_time + interval '1 hour'
                 WHEN 2 THEN hulei.working_deadline(from_time, 24 * 60, 'minute')
                 WHEN 3 THEN hulei.working_deadline(from_time, 3, 'day')
                 ELSE hulei.working_deadline(from_time, 10, 'day') END;

GRANT SELECT ON calendar_day TO hulei_engine, hulei_courier, hulei_console, hulei_auditor;
GRANT SELECT, INSERT, DELETE ON calendar_span TO hulei_engine;
GRANT SELECT ON calendar_span TO hulei_courier, hulei_console, hulei_auditor;
REVOKE ALL ON FUNCTION calendar_said(date, text[]), is_school_term(date), is_working_day(date), working_deadline(timestamptz, integer, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION calendar_said(date, text[]), is_working_day(date),
    working_deadline(timestamptz, integer, text) TO hulei_courier;
