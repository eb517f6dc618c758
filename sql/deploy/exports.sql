-- Deploy hulei:exports to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- Figures that leave as a file: a table of the overview, of at most 50 rows, with a mark that says whose it is. Nobody
-- takes more than a few a day, and the audit chain holds the digest of each: a file that was changed no longer fits.

CREATE TABLE export (
    export_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES account,
    figures    text NOT NULL,
    at         timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE export IS 'Who took which table of the overview along; the quota counts them.';
CREATE INDEX export_account ON export (account_id, at);
INSERT INTO setting VALUES ('export_quota', '20'), ('export_rows', '50');
INSERT INTO retention (what, keep, basis) VALUES ('export', '1 year', 'that a table left, by whom; the audit chain keeps the digest');

-- Columns of a table in their order; counts are marked, for a suppressed one is shown as such.
CREATE FUNCTION export_columns(in_figures text) RETURNS TABLE (place int, name text, is_count boolean)
LANGUAGE sql IMMUTABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT c.place::int, ltrim(c.name, '#'), c.name LIKE '#%'
    FROM unnest(CASE in_figures
        WHEN 'queue_age' THEN '{tier,hours,#count}'::text[]
        WHEN 'deadlines' THEN '{week,what,#met,#missed}'
        WHEN 'precision' THEN '{rule,#accepted,#reviewed}'
        WHEN 'alerts' THEN '{week,post,tier,#count}'
        WHEN 'address_health' THEN '{precision,#count}'
        WHEN 'coverage' THEN '{source,type,#held,control}'
        WHEN 'feeds_silent' THEN '{source,last_at,silent}' END) WITH ORDINALITY AS c (name, place)
$$;

-- No cell that a spreadsheet program would take for a formula.
CREATE FUNCTION export_cell(in_value text, in_is_suppressed boolean) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN in_is_suppressed THEN '<5'
            ELSE '"' || replace(regexp_replace(coalesce(in_value, ''), '^([=+@\t\r-])', '''\1'), '"', '""') || '"' END;

-- Head and rows; the newest weeks first where there are weeks.
CREATE FUNCTION export_rows(in_figures text, in_rows jsonb, in_limit int) RETURNS text
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT (SELECT string_agg(c.name, ',' ORDER BY c.place) FROM export_columns(in_figures) AS c) || E'\r\n'
           || coalesce(string_agg(r.line, '' ORDER BY r.week DESC NULLS LAST, r.place), '')
    FROM (SELECT e.row->>'week' AS week, e.place,
                 (SELECT string_agg(export_cell(e.row->>c.name, c.is_count AND e.row->>c.name IS NULL), ',' ORDER BY c.place)
                  FROM export_columns(in_figures) AS c) || E'\r\n' AS line
          FROM jsonb_array_elements(in_rows) WITH ORDINALITY AS e (row, place)
          ORDER BY e.row->>'week' DESC NULLS LAST, e.place LIMIT in_limit) AS r
$$;

CREATE FUNCTION office_export(in_figures text, in_weeks int, in_purpose text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := office_require('{post_lead,operator}');
    row_limit CONSTANT int := (SELECT value::int FROM setting WHERE name = 'export_rows');
    all_rows jsonb;
    body text;
    digest text;
    seq bigint;
    shown int;
BEGIN
    PERFORM FROM account WHERE account_id = s.account_id FOR UPDATE; -- one export at a time: the quota holds
    IF (SELECT count(*) FROM export WHERE account_id = s.account_id AND at > clock_timestamp() - interval '1 day')
       >= (SELECT value::int FROM setting WHERE name = 'export_quota') THEN
        RAISE EXCEPTION 'the quota is used up' USING ERRCODE = 'HL025';
    END IF;
    all_rows := office_overview(coalesce(in_weeks, 8))->in_figures;
    shown := least(jsonb_array_length(all_rows), row_limit);
    body := export_rows(in_figures, all_rows, row_limit);
    digest := encode(sha256(convert_to(body, 'UTF8')), 'hex');
    INSERT INTO export (account_id, figures) VALUES (s.account_id, in_figures);
    seq := audit_append('console', s.account, CASE WHEN 'operator' = ANY (s.roles) THEN 'operator' ELSE 'post_lead' END, 'export',
                        in_purpose, NULL, NULL, jsonb_build_object('table', in_figures, 'weeks', coalesce(in_weeks, 8), 'rows', shown,
                                                                   'sha256', digest));
    RETURN chr(65279) || body || concat_ws(',', '# hulei', 'account=' || s.account, 'at=' || rfc_time(clock_timestamp()),
        'audit=console:' || seq, 'purpose=' || in_purpose, 'rows=' || shown || '/' || jsonb_array_length(all_rows),
        'sha256=' || digest) || E'\r\n';
END
$$;
COMMENT ON FUNCTION office_export IS 'CSV with a byte-order mark; the last line is the watermark, its digest is of the lines between.';

REVOKE ALL ON export FROM PUBLIC;
REVOKE ALL ON FUNCTION export_columns, export_cell, export_rows, office_export FROM PUBLIC;
GRANT EXECUTE ON FUNCTION office_export TO hulei_console;
