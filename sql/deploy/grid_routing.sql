-- Deploy hulei:grid_routing to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE TABLE grid_route (
    record_id bigint PRIMARY KEY REFERENCES record ON DELETE CASCADE,
    grid      text NOT NULL,
    area_code text NOT NULL CHECK (area_code ~ '^[0-9]{6,12}$'),
    post_id   text NOT NULL,
    from_day  date NOT NULL,
    to_day    date CHECK (to_day >= from_day)
);
COMMENT ON TABLE grid_route IS 'What the grid_map feed says: which post answers for a grid of an area, from when to when (to_day NULL: no end).';

CREATE TABLE rule_view (
    rule  text NOT NULL,
    view  text NOT NULL CHECK (view IN ('police', 'judicial', 'civil', 'education', 'community', 'office')),
    PRIMARY KEY (rule, view)
);
COMMENT ON TABLE rule_view IS 'Rules that tell some views only; a rule without a row tells every view that the category allows.';
INSERT INTO rule_view (rule, view) VALUES
    ('O5', 'police'), ('O5', 'judicial'), -- a task, no child named
    ('B1', 'police'), ('B1', 'judicial'), -- the weekly digest
    ('L1', 'police');

-- A code of the official tables (500111004000) covers what is below it, as 500111004 does.
CREATE FUNCTION area_prefix(in_code text) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN length(in_code) IN (9, 12) THEN regexp_replace(in_code, '(000){1,2}$', '') ELSE in_code END;

-- The posts that answer for one area on a day. For each view the finest claim counts: a grid before its area, an area
-- before the one around it. Where the grid is not known, the grids of an area decide only when all name one post.
CREATE FUNCTION route_area(in_area text, in_grid text, in_day date) RETURNS TABLE (post_id text, view text)
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    WITH claim AS (
        SELECT a.post_id, area_prefix(a.area_code) AS prefix, NULL AS grid
        FROM post_area a
        WHERE coalesce(a.from_date <= in_day, true) AND coalesce(a.to_date >= in_day, true)
        UNION ALL
        SELECT g.post_id, area_prefix(g.area_code), g.grid
        FROM grid_route g
        WHERE g.from_day <= in_day AND coalesce(g.to_day >= in_day, true)
    ), fitting AS (
        SELECT c.post_id, p.view, c.prefix, c.grid,
               min(c.post_id) FILTER (WHERE c.grid IS NOT NULL) OVER same_place
                   = max(c.post_id) FILTER (WHERE c.grid IS NOT NULL) OVER same_place AS grids_agree
        FROM claim c JOIN post p ON p.post_id = c.post_id AND p.active
        WHERE in_area LIKE c.prefix || '%'
        WINDOW same_place AS (PARTITION BY p.view, c.prefix)
    ), ranked AS (
        SELECT f.post_id, f.view,
               rank() OVER (PARTITION BY f.view ORDER BY length(f.prefix) DESC, f.grid IS NULL) AS place
        FROM fitting f
        WHERE f.grid IS NULL OR f.grid = in_grid OR (in_grid IS NULL AND f.grids_agree)
    )
    SELECT DISTINCT r.post_id, r.view FROM ranked r WHERE r.place = 1
$$;

-- Whom an alert goes to. The child's area names the posts of every view; the area of the person of concern names its
-- police and judicial posts only, for the others may know of the child alone. `because` says whose area it was. An
-- area that no police post answers for while police are to be told is 'unrouted': the posts that take such alerts hear
-- of it, and post_id is NULL where there is none.
CREATE FUNCTION route_posts(in_child_area text, in_child_grid text, in_risk_area text, in_risk_grid text,
                            in_views text[], in_rule text, in_day date)
RETURNS TABLE (post_id text, view text, because text[])
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    WITH allowed AS (
        SELECT v.view FROM unnest(in_views) AS v (view)
        WHERE NOT EXISTS (SELECT FROM rule_view r WHERE r.rule = in_rule)
           OR EXISTS (SELECT FROM rule_view r WHERE r.rule = in_rule AND r.view = v.view)
    ), found AS (
        SELECT c.post_id, c.view, 'child' AS because FROM route_area(in_child_area, in_child_grid, in_day) c
        UNION ALL
        SELECT r.post_id, r.view, 'risk' FROM route_area(in_risk_area, in_risk_grid, in_day) r
        WHERE r.view IN ('police', 'judicial')
    ), told AS (
        SELECT f.* FROM found f JOIN allowed a USING (view)
    ), is_unrouted AS (
        SELECT FROM (VALUES ('child', in_child_area), ('risk', in_risk_area)) AS side (whose, area)
        WHERE (side.area IS NOT NULL OR coalesce(in_child_area, in_risk_area) IS NULL)
          AND NOT EXISTS (SELECT FROM told t WHERE t.because = side.whose
                          AND (t.view = 'police' OR NOT EXISTS (SELECT FROM allowed WHERE allowed.view = 'police')))
        LIMIT 1
    )
    SELECT t.post_id, t.view, array_agg(DISTINCT t.because ORDER BY t.because) FROM told t GROUP BY t.post_id, t.view
    UNION ALL
    SELECT p.post_id, p.view, '{unrouted}'
    FROM is_unrouted
    LEFT JOIN post p ON p.takes_unrouted AND p.active AND p.post_id NOT IN (SELECT t.post_id FROM told t)
$$;
COMMENT ON FUNCTION route_posts IS 'Posts with their view kind; effective-dated. Grids may be NULL: not known.';

-- A pair's own: evidence names the areas, and the views its category allows (none stated: police and judicial).
CREATE FUNCTION pair_routes(in_pair pair) RETURNS TABLE (post_id text, view text, because text[])
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT r.*
    FROM route_posts(
        CASE WHEN in_pair.evidence ? 'child_area' THEN in_pair.evidence->>'child_area'
             ELSE in_pair.evidence->'areas'->>0 END, NULL,
        CASE WHEN in_pair.evidence ? 'risk_area' THEN in_pair.evidence->>'risk_area'
             ELSE in_pair.evidence->'areas'->>1 END, NULL,
        CASE WHEN in_pair.evidence ? 'views'
             THEN ARRAY(SELECT jsonb_array_elements_text(in_pair.evidence->'views')) ELSE '{police,judicial}' END,
        in_pair.rule, clock_day()) AS r
$$;

CREATE FUNCTION alert_posts(in_pair pair) RETURNS text[]
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
RETURN (SELECT coalesce(array_agg(DISTINCT r.post_id ORDER BY r.post_id) FILTER (WHERE r.post_id IS NOT NULL), '{}')
        FROM pair_routes(in_pair) AS r);

CREATE FUNCTION alert_is_unrouted(in_pair pair) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
RETURN EXISTS (SELECT FROM pair_routes(in_pair) AS r WHERE 'unrouted' = ANY (r.because));

-- What is wrong with the posts before any alert is lost: names nobody has, and areas of open pairs without an answer.
CREATE FUNCTION post_faults() RETURNS TABLE (fault text, post_id text, area_code text, n bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    WITH named AS (
        SELECT 'grid_map' AS by_feed, g.post_id FROM grid_route g
        UNION ALL SELECT 'post_roster', r.post_id FROM post_roster r
        UNION ALL SELECT 'post_roster_lead', r.lead_post FROM post_roster r WHERE r.lead_post IS NOT NULL
    ), area AS (
        SELECT a.area, count(DISTINCT p.pair_id) AS n
        FROM pair p CROSS JOIN LATERAL jsonb_array_elements_text(coalesce(p.evidence->'areas', '[]')) AS a (area)
        WHERE p.state IN ('candidate', 'in_review', 'needs_info', 'accepted', 'disputed')
        GROUP BY a.area
    ), today AS (
        SELECT clock_day() AS day
    )
    SELECT 'unknown_post', n.post_id, NULL, count(*)
    FROM named n LEFT JOIN post p ON p.post_id = n.post_id AND p.active
    WHERE p.post_id IS NULL GROUP BY n.post_id
    UNION ALL
    SELECT 'area_without_police', NULL, a.area, a.n
    FROM area a CROSS JOIN today
    WHERE NOT EXISTS (SELECT FROM route_area(a.area, NULL, today.day) r WHERE r.view = 'police')
    ORDER BY 1, 2, 3
$$;

-- Alerts that wait for a human as no post answers for their area.
CREATE FUNCTION alerts_without_post() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
RETURN (SELECT count(*) FROM review_task
        WHERE kind = 'delivery' AND state = 'open' AND detail->>'reason' = 'NO_POST');

GRANT SELECT, INSERT, DELETE ON grid_route TO hulei_engine;
REVOKE ALL ON FUNCTION area_prefix(text), route_area(text, text, date),
    route_posts(text, text, text, text, text[], text, date), pair_routes(pair), alert_posts(pair), alert_is_unrouted(pair),
    post_faults(), alerts_without_post() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION post_faults(), alerts_without_post() TO hulei_courier;
