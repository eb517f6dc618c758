-- Deploy hulei:policy to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE TABLE policy_version (
    version     text PRIMARY KEY CHECK (version ~ '^[A-Za-z0-9._-]{1,40}\+[0-9a-f]{8}$'),
    files       text[] NOT NULL CHECK (cardinality(files) = 3),
    state       text NOT NULL CHECK (state IN ('proposed', 'active', 'retired')),
    proposed_by text NOT NULL,
    proposed_at timestamptz NOT NULL DEFAULT clock(),
    is_forced   boolean NOT NULL,
    reason      text CHECK (NOT is_forced OR reason IS NOT NULL),
    projection  jsonb NOT NULL,
    active_from timestamptz,
    retired_at  timestamptz
);
COMMENT ON TABLE policy_version IS 'Every policy that was put forward, with the bytes of its files; at most one is in force.';
COMMENT ON COLUMN policy_version.version IS 'As stored with every pair and alert.';
COMMENT ON COLUMN policy_version.files IS 'policy.yaml, categories.yaml, rules.yaml.';
COMMENT ON COLUMN policy_version.projection IS 'Counts that were expected before it was put forward.';
CREATE UNIQUE INDEX policy_version_active ON policy_version (state) WHERE state = 'active';

CREATE TABLE policy_row_end (
    category text NOT NULL,
    ended_on date NOT NULL,
    noted_at timestamptz NOT NULL DEFAULT clock(),
    PRIMARY KEY (category, ended_on)
);
COMMENT ON TABLE policy_row_end IS 'Categories that were switched on until a day, and are off again.';

-- Puts a policy before the engine, which takes it in its next batch.
CREATE FUNCTION policy_propose(in_version text, in_files text[], in_actor text, in_reason text, in_forced boolean,
                               in_detail jsonb, in_projection jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM policy_version WHERE version = in_version AND state = 'active') THEN
        RAISE EXCEPTION 'this policy is in force' USING ERRCODE = 'HL020';
    END IF;
    PERFORM account_with_role((SELECT account_id FROM account WHERE name = in_actor), '{operator}');
    INSERT INTO policy_version (version, files, state, proposed_by, is_forced, reason, projection)
    VALUES (in_version, in_files, 'proposed', in_actor, in_forced, in_reason, in_projection)
    ON CONFLICT (version) DO UPDATE
    SET state = 'proposed', proposed_by = excluded.proposed_by, proposed_at = excluded.proposed_at,
        is_forced = excluded.is_forced, reason = excluded.reason, projection = excluded.projection;
    PERFORM command_put('policy_activate', jsonb_build_object('version', in_version), in_actor);
    PERFORM audit_append('admin', in_actor, 'admin', 'policy_proposed', 'policy', NULL, NULL,
                         in_detail || jsonb_strip_nulls(jsonb_build_object('version', in_version, 'forced', in_forced,
                                                                           'reason', in_reason)));
END
$$;
COMMENT ON FUNCTION policy_propose IS 'HL003: not an operator; HL020: in force already.';

-- The engine begins to use a policy: one that was put forward, or at the first start the files'.
CREATE FUNCTION policy_take(in_version text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    before text;
BEGIN
    UPDATE policy_version SET state = 'retired', retired_at = clock()
    WHERE state = 'active' AND version <> in_version RETURNING version INTO before;
    UPDATE policy_version SET state = 'active', active_from = clock(), retired_at = NULL WHERE version = in_version;
    PERFORM audit_append('engine', 'engine', 'engine', 'policy_activated', 'policy', NULL, NULL,
                         jsonb_strip_nulls(jsonb_build_object('version', in_version, 'before', before)));
END
$$;

CREATE FUNCTION policy_begin(in_version text, in_files text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM policy_version WHERE state = 'active') THEN
        RETURN;
    END IF;
    INSERT INTO policy_version (version, files, state, proposed_by, is_forced, projection)
    VALUES (in_version, in_files, 'proposed', 'engine', false, '{}')
    ON CONFLICT (version) DO NOTHING;
    PERFORM policy_take(in_version);
END
$$;
COMMENT ON FUNCTION policy_begin IS 'The files'' policy, where none is in force yet.';

-- On record once for each end.
CREATE FUNCTION policy_row_ended(in_category text, in_ended_on date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    INSERT INTO policy_row_end (category, ended_on) VALUES (in_category, in_ended_on) ON CONFLICT DO NOTHING;
    IF FOUND THEN
        PERFORM audit_append('engine', 'engine', 'engine', 'policy_row_ended', 'policy', NULL, NULL,
                             jsonb_build_object('category', in_category, 'ended_on', in_ended_on));
    END IF;
END
$$;

-- Posts of pairs that are only projected: who would hear of what.
CREATE FUNCTION policy_routes(in_child_areas text[], in_risk_areas text[], in_views text[], in_rules text[])
RETURNS TABLE (number bigint, post_id text, view text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    SELECT n.number, coalesce(r.post_id, 'nobody'), coalesce(r.view, '')
    FROM unnest(in_child_areas, in_risk_areas, in_views, in_rules) WITH ORDINALITY AS n (child, risk, views, rule, number)
    CROSS JOIN LATERAL route_posts(n.child, NULL, n.risk, NULL, string_to_array(n.views, ','), n.rule, clock_day()) AS r
$$;

GRANT SELECT ON policy_version TO hulei_engine, hulei_console, hulei_auditor;
REVOKE ALL ON policy_row_end FROM PUBLIC;
REVOKE ALL ON FUNCTION policy_propose(text, text[], text, text, boolean, jsonb, jsonb), policy_take(text),
    policy_begin(text, text[]), policy_row_ended(text, date), policy_routes(text[], text[], text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION policy_propose(text, text[], text, text, boolean, jsonb, jsonb), policy_take(text),
    policy_begin(text, text[]), policy_row_ended(text, date), policy_routes(text[], text[], text[], text[]) TO hulei_engine;
