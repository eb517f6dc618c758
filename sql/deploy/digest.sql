-- Deploy hulei:digest to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- Blue has no alerts of its own: once a week police and judicial posts hear how many pairs rule B1 counts in each of
-- their communities, small counts only as "few" (DOMAIN.md E.3). No pair, no person; no sum that would give a small
-- count away.

CREATE TABLE digest (
    post_id text NOT NULL REFERENCES post,
    week    date NOT NULL,
    PRIMARY KEY (post_id, week)
);
COMMENT ON TABLE digest IS 'Which post has had its digest of the week that begins with this Monday.';

INSERT INTO setting VALUES ('digest_few_below', '5');

-- [{"area": ..., "pairs": n}] or {"area": ..., "few": true}; communities without any are not in it.
CREATE FUNCTION digest_cells(in_post text) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT coalesce(jsonb_agg(CASE WHEN c.pairs < (SELECT value::int FROM setting WHERE name = 'digest_few_below')
                                   THEN jsonb_build_object('area', c.area_code, 'few', true)
                                   ELSE jsonb_build_object('area', c.area_code, 'pairs', c.pairs) END ORDER BY c.area_code), '[]')
    FROM exposure_count c
    WHERE c.pairs > 0 AND EXISTS (
        SELECT FROM post_area a
        WHERE a.post_id = in_post AND (a.from_date IS NULL OR a.from_date <= clock_day())
          AND (a.to_date IS NULL OR a.to_date >= clock_day())
          AND c.area_code LIKE CASE WHEN length(a.area_code) IN (9, 12) THEN regexp_replace(a.area_code, '(000){1,2}$', '')
                                    ELSE a.area_code END || '%')
$$;

-- Writes what is due of this week, once per post; how many. The window of blue says from when.
CREATE FUNCTION digest_run() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    monday CONSTANT date := date_trunc('week', clock_day()::timestamp)::date;
    made bigint;
BEGIN
    IF clock() < (SELECT group_closes(w, monday::timestamp AT TIME ZONE 'Asia/Shanghai') FROM group_window w WHERE w.tier = 4)
       OR NOT EXISTS (SELECT FROM group_window WHERE tier = 4) THEN
        RETURN 0;
    END IF;
    WITH due AS (
        INSERT INTO digest (post_id, week)
        SELECT p.post_id, monday FROM post p
        WHERE p.active AND p.view IN ('police', 'judicial') AND EXISTS (SELECT FROM post_area a WHERE a.post_id = p.post_id)
        ON CONFLICT DO NOTHING
        RETURNING post_id
    )
    INSERT INTO outbox (kind, topic, key, not_before, post_id, headers, payload)
    SELECT 'digest', alert_topic(p, alert_status()), p.post_id, clock(), p.post_id,
           '{"content-type": "application/cloudevents+json; charset=UTF-8"}',
           convert_to(jsonb_build_object('specversion', '1.0', 'id', 'digest/' || p.post_id || '/' || monday,
               'source', '//hulei', 'type', 'hulei.digest.v1', 'subject', p.post_id, 'datacontenttype', 'application/json',
               'dataschema', 'hulei:digest:1', 'time', to_char(clock() AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'),
               'data', jsonb_build_object('status', alert_status(), 'post', p.post_id, 'week', monday, 'rule', 'B1',
                                          'cells', digest_cells(p.post_id)))::text, 'UTF8')
    FROM due JOIN post p USING (post_id)
    ORDER BY p.post_id;
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made;
END
$$;

REVOKE ALL ON FUNCTION digest_cells, digest_run FROM PUBLIC;
GRANT EXECUTE ON FUNCTION digest_run TO hulei_courier;
