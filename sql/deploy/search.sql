-- Deploy hulei:search to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- Search by a whole value. The database is told keyed hashes cut to 16 bits; the console, which opens the proofs, says
-- whom of a bucket was meant. Nobody is found who stands behind no task and no alert of the session.

CREATE TABLE person_search (
    search_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor     text NOT NULL,
    kind      text NOT NULL CHECK (kind IN ('task', 'alert', 'number', 'phone', 'name_birth_year')),
    purpose   text NOT NULL,
    xact      xid8 NOT NULL DEFAULT pg_current_xact_id()
);
COMMENT ON TABLE person_search IS 'Every search, never what was searched for: the quota counts them.';
CREATE INDEX person_search_actor ON person_search (actor, at);

INSERT INTO setting VALUES ('searches_a_day', '200');

-- False: the day's quota is used up. The caller commits in any case.
CREATE FUNCTION search_ask(in_by text, in_purpose text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := session_scope();
    since CONSTANT timestamptz := date_trunc('day', clock_timestamp() AT TIME ZONE 'Asia/Shanghai') AT TIME ZONE 'Asia/Shanghai';
BEGIN
    IF s.account_id IS NULL OR NOT s.roles && ARRAY['reviewer', 'second_reviewer', 'post_lead'] THEN
        RAISE EXCEPTION 'not for this role' USING ERRCODE = 'HL003';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('search ' || s.account, 0)); -- two at once are still counted one by one
    IF (SELECT count(*) FROM person_search WHERE actor = s.account AND at >= since)
       >= (SELECT value::int FROM setting WHERE name = 'searches_a_day') THEN
        INSERT INTO watch_alarm (rule, actor, detail) SELECT 'quota', s.account, '{"of": "search"}'
        WHERE NOT EXISTS (SELECT FROM watch_alarm w WHERE w.rule = 'quota' AND w.actor = s.account AND w.at >= since);
        RETURN false;
    END IF;
    INSERT INTO person_search (actor, kind, purpose) VALUES (s.account, in_by, in_purpose);
    PERFORM audit_append('console', s.account, 'console', 'search', in_purpose, NULL, NULL, jsonb_build_object('by', in_by));
    RETURN true;
END
$$;

-- ---- what of a person the session may know ----

CREATE FUNCTION search_tasks(in_areas text[], in_person bigint, in_side text) RETURNS text[]
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT coalesce(array_agg(t.public_id ORDER BY t.state = 'open' DESC, t.task_id DESC), '{}')
    FROM (SELECT t.* FROM pair p JOIN review_task t USING (pair_id)
          WHERE CASE in_side WHEN 'child' THEN p.child_person WHEN 'risk' THEN p.risk_person END = in_person
            AND t.areas && in_areas
          UNION ALL
          SELECT t.* FROM review_task t
          WHERE in_side IS NULL AND t.kind = 'identity' AND t.state = 'open' AND t.areas && in_areas
            AND in_person::text IN (t.detail->>'first', t.detail->>'second')
          ORDER BY task_id DESC LIMIT 20) AS t
$$;

-- A reviewer knows which alerts stand on a pair of the area. A post's lead is told of no side of whom the post is never
-- told (DOMAIN.md C.4).
CREATE FUNCTION search_alerts(in_scope scope, in_person bigint, in_side text) RETURNS text[]
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT coalesce(array_agg(a.alert_id ORDER BY a.created_at DESC), '{}')
    FROM (SELECT a.alert_id, a.created_at FROM pair p JOIN alert a USING (pair_id)
          WHERE CASE in_side WHEN 'child' THEN p.child_person WHEN 'risk' THEN p.risk_person END = in_person
            AND (p.areas && in_scope.review_areas
                 OR EXISTS (SELECT FROM delivery d JOIN post o USING (post_id)
                            JOIN unmask_right r ON r.view = o.view AND r.side = in_side
                            WHERE d.alert_id = a.alert_id AND d.post_id = ANY (in_scope.posts)
                              AND look_is_own(in_person, r.rule, d.post_id, p.areas)))
          ORDER BY a.created_at DESC LIMIT 20) AS a
$$;

-- Whom a task or an alert of the session is about.
CREATE FUNCTION search_about(in_scope scope, in_task text, in_alert text) RETURNS TABLE (person_id bigint)
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT x.person_id FROM review_task t LEFT JOIN pair p USING (pair_id)
    CROSS JOIN LATERAL (VALUES (p.child_person), (p.risk_person), ((t.detail->>'first')::bigint), ((t.detail->>'second')::bigint)) AS x (person_id)
    WHERE t.public_id = in_task AND t.areas && in_scope.review_areas AND x.person_id IS NOT NULL
    UNION
    SELECT x.person_id FROM alert a JOIN pair p USING (pair_id)
    CROSS JOIN LATERAL (VALUES (p.child_person), (p.risk_person)) AS x (person_id)
    WHERE a.alert_id = in_alert AND x.person_id IS NOT NULL
      AND (p.areas && in_scope.review_areas
           OR EXISTS (SELECT FROM delivery d WHERE d.alert_id = in_alert AND d.post_id = ANY (in_scope.posts)))
$$;

-- Masked cards, sealed, of whom the search of this very transaction may mean, a person's newest first. `buckets` NULL:
-- by task or alert. A canary comes without tasks and alerts, too: it is reported, not shown.
CREATE FUNCTION search_rows(in_task text, in_alert text, in_buckets int4[])
    RETURNS TABLE (person_id bigint, side text, tasks text[], alerts text[], mention_id bigint, masked bytea, proof bytea,
                   data_key_id bigint, wrapped bytea)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    WITH s AS (SELECT session_scope() AS scope),
    who AS MATERIALIZED (
        SELECT a.person_id FROM s, search_about(s.scope, in_task, in_alert) AS a
        UNION
        SELECT m.person_id FROM card c JOIN mention m USING (mention_id) WHERE c.buckets && in_buckets),
    seen AS MATERIALIZED (
        SELECT w.person_id, x.side,
               CASE WHEN in_task IS NULL THEN search_tasks((s.scope).review_areas, w.person_id, x.side)
                    WHEN in_task = ANY (search_tasks((s.scope).review_areas, w.person_id, x.side)) THEN ARRAY[in_task]
                    ELSE '{}' END AS tasks,
               CASE WHEN in_alert IS NULL THEN search_alerts(s.scope, w.person_id, x.side)
                    WHEN in_alert = ANY (search_alerts(s.scope, w.person_id, x.side)) THEN ARRAY[in_alert]
                    ELSE '{}' END AS alerts
        FROM s, who w CROSS JOIN (VALUES ('child'), ('risk'), (NULL)) AS x (side))
    SELECT e.person_id, e.side, e.tasks, e.alerts, m.mention_id, c.masked, c.proof, r.data_key_id, k.wrapped
    FROM seen e
    JOIN mention m ON m.person_id = e.person_id
    JOIN card c ON c.mention_id = m.mention_id
    JOIN record r ON r.record_id = m.record_id AND r.state = 'live'
    JOIN data_key k ON k.data_key_id = r.data_key_id
    WHERE EXISTS (SELECT FROM person_search q WHERE q.xact = pg_current_xact_id())
      AND (CASE WHEN in_alert IS NOT NULL THEN e.alerts <> '{}' WHEN in_task IS NOT NULL THEN e.tasks <> '{}'
                ELSE e.tasks <> '{}' OR e.alerts <> '{}' END
           OR (in_buckets IS NOT NULL AND e.side IS NULL
               AND EXISTS (SELECT FROM mention n JOIN canary_record USING (record_id) WHERE n.person_id = e.person_id)))
    ORDER BY e.person_id, e.side, r.version_time DESC, m.mention_id
    LIMIT 2000
$$;

-- Who was found, before it is shown: an entry each in the chain, and canaries tell.
CREATE FUNCTION search_found(in_persons bigint[], in_subjects bytea[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s CONSTANT scope := session_scope();
    q person_search;
BEGIN
    SELECT * INTO STRICT q FROM person_search WHERE xact = pg_current_xact_id() LIMIT 1;
    PERFORM audit_append('console', s.account, 'console', 'search_found', q.purpose, f.subject, NULL, jsonb_build_object('by', q.kind))
    FROM unnest(in_subjects) AS f (subject);
    INSERT INTO watch_alarm (rule, actor, detail)
    SELECT 'canary', s.account, '{"of": "search"}'
    WHERE EXISTS (SELECT FROM mention m JOIN canary_record USING (record_id) WHERE m.person_id = ANY (in_persons));
END
$$;

-- Planting: a record that is there and live. The number of records marked: 1, or 0 when there is none.
CREATE FUNCTION canary_put(in_source text, in_type smallint, in_subject text) RETURNS bigint
LANGUAGE sql
SET search_path = hulei, pg_temp
AS $$
    WITH put AS (
        INSERT INTO canary_record (record_id)
        SELECT r.record_id FROM record r JOIN source s USING (source_id)
        WHERE s.urn = in_source AND r.type = in_type AND r.subject = in_subject AND r.state = 'live'
        ON CONFLICT (record_id) DO UPDATE SET record_id = excluded.record_id
        RETURNING 1)
    SELECT count(*) FROM put
$$;

REVOKE ALL ON person_search FROM PUBLIC;
REVOKE ALL ON FUNCTION search_ask, search_tasks, search_alerts, search_about, search_rows, search_found, canary_put FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_ask, search_rows, search_found TO hulei_console;
