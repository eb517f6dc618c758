-- Deploy hulei:exposures to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- ---- B3: what is wrong with the data is a task of its own, once per fault and subject ----

CREATE UNIQUE INDEX review_task_open_fault
    ON review_task ((detail->>'fault'), coalesce(detail->>'person', 's' || (detail->>'source')))
    WHERE kind = 'data_fault' AND state = 'open';

-- in_about: 'person' or 'source', whose number in_id is.
CREATE FUNCTION data_fault_put(in_fault text, in_about text, in_id bigint, in_tier smallint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    is_new boolean;
BEGIN
    IF in_fault NOT IN ('address_old', 'address_unlocated', 'feed_silent', 'control_gap')
       OR (in_about = 'person') <> (in_fault LIKE 'address%') THEN
        RAISE EXCEPTION 'no such fault' USING ERRCODE = 'HL002';
    END IF;
    INSERT INTO review_task (kind, tier, detail)
    VALUES ('data_fault', in_tier, jsonb_build_object('fault', in_fault, in_about, in_id))
    ON CONFLICT ((detail->>'fault'), coalesce(detail->>'person', 's' || (detail->>'source')))
        WHERE kind = 'data_fault' AND state = 'open'
    DO UPDATE SET tier = excluded.tier WHERE review_task.tier <> excluded.tier
    RETURNING xmax = 0 INTO is_new;
    RETURN coalesce(is_new, false);
END
$$;
COMMENT ON FUNCTION data_fault_put IS 'Opens the task of a fault, or gives the open one its tier; true when it is new.';

CREATE FUNCTION data_fault_clear(in_fault text, in_about text, in_id bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    UPDATE review_task SET state = 'done', closed_at = clock()
    WHERE kind = 'data_fault' AND state = 'open' AND detail->>'fault' = in_fault
      AND coalesce(detail->>'person', 's' || (detail->>'source'))
          = CASE in_about WHEN 'person' THEN '' ELSE 's' END || in_id::text;
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION data_fault_clear IS 'The fault is mended: its task is done.';

-- A silent feed is blue, one of risk records yellow after two periods; a gap is what was promised and is not here.
CREATE FUNCTION feed_faults_update(in_is_on boolean) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    changed int;
BEGIN
    WITH faults AS (
        SELECT 'feed_silent' AS fault, s.source_id, CASE WHEN s.feeds_risk AND s.periods >= 2 THEN 3 ELSE 4 END AS tier
        FROM feed_silence(clock()) AS s WHERE in_is_on AND s.periods >= 1
        UNION ALL
        SELECT 'control_gap', c.source_id, 4
        FROM feed_coverage() AS c WHERE in_is_on GROUP BY c.source_id
        HAVING bool_or(c.gap > 0) OR bool_or(NOT c.hash_fits)
    ), known AS (
        SELECT t.detail->>'fault' AS fault, (t.detail->>'source')::int AS source_id
        FROM review_task t WHERE t.kind = 'data_fault' AND t.state = 'open' AND t.detail ? 'source'
    ), put AS (
        SELECT data_fault_put(f.fault, 'source', f.source_id, f.tier::smallint) AS is_done FROM faults f
    ), cleared AS (
        SELECT data_fault_clear(k.fault, 'source', k.source_id) AS is_done FROM known k
        WHERE NOT EXISTS (SELECT FROM faults f WHERE f.fault = k.fault AND f.source_id = k.source_id)
    )
    SELECT count(*) FILTER (WHERE is_done) INTO changed
    FROM (SELECT is_done FROM put UNION ALL SELECT is_done FROM cleared) AS x;
    RETURN changed;
END
$$;
COMMENT ON FUNCTION feed_faults_update IS 'Brings the tasks about sources in line with feed_silence() and feed_coverage(); how many came or went.';

-- ---- B1: counted, never a pair until a human opens it ----

CREATE TABLE exposure_count (
    area_code  text PRIMARY KEY CHECK (area_code ~ '^[0-9]{12}$'),
    rule       text NOT NULL DEFAULT 'B1' CHECK (rule = 'B1'),
    pairs      int NOT NULL CHECK (pairs > 0),
    counted_on date NOT NULL
);
COMMENT ON TABLE exposure_count IS 'Per community of the children, how many pairs rule B1 counts; for the weekly digest of police and judicial posts.';

-- All counts of a day take the place of all counts before.
CREATE FUNCTION counted_put(in_areas text[], in_pairs bigint[], in_day date) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    DELETE FROM exposure_count;
    INSERT INTO exposure_count (area_code, pairs, counted_on)
    SELECT n.area, n.pairs, in_day FROM unnest(in_areas, in_pairs) AS n (area, pairs)
    WHERE n.area IS NOT NULL;
$$;

-- A named human looks behind a count: the engine puts the pairs of that community, and each has its review.
CREATE FUNCTION counted_open(in_area text, in_account_id bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    who CONSTANT account := account_with_role(in_account_id, '{reviewer}');
    opened bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM exposure_count WHERE area_code = in_area) THEN
        RAISE EXCEPTION 'nothing is counted there' USING ERRCODE = 'HL002';
    END IF;
    opened := command_put('open_counted', jsonb_build_object('area', in_area), who.name);
    PERFORM audit_append('console', who.name, 'reviewer', 'counted_open', 'review', NULL, NULL,
                         jsonb_build_object('area', in_area));
    RETURN opened;
END
$$;
COMMENT ON FUNCTION counted_open IS 'Opens what rule B1 counts in a community; HL002: nothing is counted there; HL003: not a reviewer.';

CREATE FUNCTION is_reviewed_area(in_area text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM unnest((session_scope()).review_areas) AS a
                   WHERE a = '*' OR in_area LIKE regexp_replace(a, '(000)+$', '') || '%')
$$;

-- A reviewer's communities, where something is; small counts only as "few", as in the digest.
CREATE FUNCTION desk_counted() RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    SELECT jsonb_build_object('items', coalesce(jsonb_agg(
        jsonb_build_object('area', c.area_code, 'rule', c.rule, 'counted_on', c.counted_on) ||
        CASE WHEN c.pairs < (SELECT value::int FROM setting WHERE name = 'digest_few_below') THEN '{"few": true}'
             ELSE jsonb_build_object('few', false, 'pairs', c.pairs) END ORDER BY c.area_code), '[]'))
    FROM exposure_count c WHERE is_reviewed_area(c.area_code)
$$;

CREATE FUNCTION desk_counted_open(in_area text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    IF NOT is_reviewed_area(in_area) OR NOT EXISTS (SELECT FROM exposure_count WHERE area_code = in_area) THEN
        RETURN NULL; -- which of the two is not said
    END IF;
    PERFORM counted_open(in_area, (session_scope()).account_id);
    RETURN jsonb_build_object('area', in_area);
END
$$;

GRANT SELECT ON exposure_count TO hulei_courier, hulei_engine;
REVOKE ALL ON FUNCTION data_fault_put, data_fault_clear, feed_faults_update, counted_put, counted_open,
    is_reviewed_area, desk_counted, desk_counted_open FROM PUBLIC;
GRANT EXECUTE ON FUNCTION data_fault_put, data_fault_clear, feed_faults_update, counted_put TO hulei_engine;
GRANT EXECUTE ON FUNCTION desk_counted, desk_counted_open TO hulei_console;
