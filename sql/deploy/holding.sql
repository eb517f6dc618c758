-- Deploy hulei:holding to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- What may leave when (DOMAIN.md E.4): grouping, budget, silence, inhibition. Red waits for nothing but its own double.

-- ---- grouping and budget ----

CREATE TABLE group_window (
    tier    smallint PRIMARY KEY CHECK (tier BETWEEN 2 AND 4),
    wait    interval,
    at      time,
    weekday int CHECK (weekday BETWEEN 1 AND 7),
    CHECK ((wait IS NULL) <> (at IS NULL) AND (weekday IS NULL OR at IS NOT NULL))
);
COMMENT ON TABLE group_window IS 'How long alerts of one post, community and rule wait for each other: a span, or until a time of day (of a weekday, 1 is Monday), on a working day. No row: they do not wait.';
INSERT INTO group_window (tier, wait, at, weekday) VALUES
    (2, '10 min', NULL, NULL), (3, NULL, '09:00', NULL), (4, NULL, '09:00', 1);

CREATE TABLE alert_group (
    group_id  text PRIMARY KEY DEFAULT 'gr-' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 16),
    post_id   text NOT NULL REFERENCES post,
    community text NOT NULL,
    rule      text NOT NULL,
    tier      smallint NOT NULL,
    closes_at timestamptz NOT NULL,
    UNIQUE (post_id, community, rule, tier, closes_at)
);
COMMENT ON TABLE alert_group IS 'What opened a wait together leaves together.';

CREATE TABLE post_budget (
    tier    smallint PRIMARY KEY CHECK (tier IN (3, 4)),
    per_day int NOT NULL CHECK (per_day > 0)
);
COMMENT ON TABLE post_budget IS 'How many first messages of a tier a post gets on one day; the others wait for the next working day. Red and orange have none.';
INSERT INTO post_budget (tier, per_day) VALUES (3, 20), (4, 20);

-- The first moment from `from_time` on that a window opens.
CREATE FUNCTION group_closes(in_window group_window, from_time timestamptz) RETURNS timestamptz
LANGUAGE plpgsql STABLE
SET search_path = hulei, pg_temp
AS $$
DECLARE
    here CONSTANT timestamp := from_time AT TIME ZONE 'Asia/Shanghai';
    day date := here::date;
BEGIN
    IF in_window.wait IS NOT NULL THEN
        RETURN from_time + in_window.wait;
    END IF;
    IF day + in_window.at < here THEN
        day := day + 1;
    END IF;
    WHILE in_window.weekday IS NOT NULL AND extract(isodow FROM day) <> in_window.weekday LOOP
        day := day + 1;
    END LOOP;
    WHILE NOT is_working_day(day) LOOP
        day := day + 1;
    END LOOP;
    RETURN (day + in_window.at) AT TIME ZONE 'Asia/Shanghai';
END
$$;
COMMENT ON FUNCTION group_closes IS 'A window that falls on a day off opens on the next working day.';

-- How many first messages of the tier the post gets on the day of `in_at`.
CREATE FUNCTION budget_used(in_post text, in_tier smallint, in_at timestamptz) RETURNS bigint
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT count(*)
    FROM alert_group g JOIN outbox o USING (group_id)
    WHERE g.post_id = in_post AND g.tier = in_tier AND o.repeat = 0 AND o.kind = 'alert' AND o.state <> 'withdrawn'
      AND (g.closes_at AT TIME ZONE 'Asia/Shanghai')::date = (in_at AT TIME ZONE 'Asia/Shanghai')::date
$$;

-- When a message may leave, and with which group. Only calls of orange and below wait; never before `from_time`.
CREATE FUNCTION alert_group_join(in_alert alert, in_post text, from_time timestamptz,
                                 OUT leaves_at timestamptz, OUT group_id text)
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    slot group_window;
    place CONSTANT text := coalesce(in_alert.evidence->'areas'->>0, '');
    budget CONSTANT int := (SELECT b.per_day FROM post_budget b WHERE b.tier = in_alert.tier);
BEGIN
    leaves_at := from_time;
    SELECT * INTO slot FROM group_window w WHERE w.tier = in_alert.tier;
    IF slot.tier IS NULL OR in_alert.msg NOT IN ('alert', 'update') THEN
        RETURN;
    END IF;
    SELECT g.group_id, g.closes_at INTO group_id, leaves_at FROM alert_group g
    WHERE slot.wait IS NOT NULL AND g.post_id = in_post AND g.community = place AND g.rule = in_alert.rule
      AND g.tier = in_alert.tier AND g.closes_at >= from_time AND g.closes_at <= from_time + slot.wait
    ORDER BY g.closes_at LIMIT 1;
    IF group_id IS NOT NULL THEN
        RETURN;
    END IF;
    leaves_at := group_closes(slot, from_time);
    WHILE budget_used(in_post, in_alert.tier, leaves_at) >= budget LOOP
        leaves_at := group_closes(ROW(slot.tier, NULL, slot.at, NULL)::group_window, leaves_at + interval '1 min');
    END LOOP;
    INSERT INTO alert_group (post_id, community, rule, tier, closes_at)
    VALUES (in_post, place, in_alert.rule, in_alert.tier, leaves_at)
    ON CONFLICT (post_id, community, rule, tier, closes_at) DO UPDATE SET tier = excluded.tier
    RETURNING alert_group.group_id INTO group_id;
END
$$;

-- ---- silence and inhibition ----

CREATE TABLE silence (
    silence_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    post_id     text REFERENCES post,
    rule        text,
    area        text CHECK (area ~ '^[0-9]{2,12}$'),
    alert_id    text REFERENCES alert ON DELETE CASCADE,
    reason_code text NOT NULL CHECK (reason_code IN ('SILENCE_BEING_HANDLED', 'SILENCE_DATA_FAULT', 'SILENCE_POST_MOVING')),
    from_time   timestamptz NOT NULL DEFAULT clock(),
    until       timestamptz NOT NULL,
    account_id  bigint NOT NULL REFERENCES account,
    CHECK (until > from_time AND until <= from_time + interval '90 days'),
    CHECK (num_nonnulls(post_id, rule, area, alert_id) > 0)
);
COMMENT ON TABLE silence IS 'A reviewer holds back what matches all that is given; never red, never longer than 90 days.';

CREATE TABLE inhibition (
    source_rule    text NOT NULL,
    source_subject text NOT NULL,
    target_rule    text NOT NULL,
    target_subject text NOT NULL,
    PRIMARY KEY (source_rule, source_subject, target_rule, target_subject)
);
COMMENT ON TABLE inhibition IS 'While an alert of the source stands with a post, those of the target about the same person of concern are its copies there.';
INSERT INTO inhibition VALUES ('R3', 'unit', 'R3', 'child');

-- Until when a silence holds an alert back from a post; NULL: none does.
CREATE FUNCTION alert_silenced_until(in_alert alert, in_post text) RETURNS timestamptz
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT max(s.until) FROM silence s
    WHERE in_alert.tier > 1 AND NOT in_alert.is_emergency AND in_alert.msg IN ('alert', 'update') AND s.until > (SELECT clock())
      AND (s.post_id IS NULL OR s.post_id = in_post)
      AND (s.rule IS NULL OR s.rule = in_alert.rule)
      AND (s.alert_id IS NULL OR s.alert_id = in_alert.alert_id)
      AND (s.area IS NULL OR EXISTS (SELECT FROM jsonb_array_elements_text(coalesce(in_alert.evidence->'areas', '[]')) AS a
                                     WHERE a LIKE s.area || '%'))
$$;

CREATE FUNCTION alert_is_inhibited(in_alert alert, in_post text) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM inhibition i
        JOIN pair own ON own.pair_id = in_alert.pair_id
        JOIN pair other ON other.risk_person = own.risk_person AND other.pair_id <> own.pair_id
                           AND other.rule = i.source_rule AND other.state = 'accepted'
                           AND coalesce(other.evidence->>'subject', 'child') = i.source_subject
        CROSS JOIN LATERAL alert_standing(other.pair_id) AS s
        WHERE i.target_rule = in_alert.rule AND in_alert.msg IN ('alert', 'update')
          AND coalesce(in_alert.evidence->>'subject', 'child') = i.target_subject AND s.post_id = in_post)
$$;

-- As alert_silenced_until(); an inhibition has no end of its own and is looked at again after a minute.
CREATE FUNCTION alert_muted_until(in_alert_id text, in_post text) RETURNS timestamptz
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT coalesce(alert_silenced_until(a, in_post),
                    CASE WHEN alert_is_inhibited(a, in_post) THEN (SELECT clock()) + interval '1 min' END)
    FROM alert a WHERE a.alert_id = in_alert_id
$$;

-- ---- the courier's two calls ----

-- Of rows about to leave: those that may not are muted, or gone as an update that leaves with or before them replaces
-- them. An update that leaves takes the place of what still waits behind its group's window, too.
CREATE FUNCTION outbox_hold(in_ids bigint[]) RETURNS SETOF bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    held bigint[];
BEGIN
    WITH replaced AS (
        UPDATE outbox o SET state = 'withdrawn'
        FROM outbox later JOIN alert u ON u.alert_id = later.alert_id
        WHERE later.series_id = o.series_id AND later.seq > o.seq AND later.state IS NOT DISTINCT FROM 'queued'
          AND later.not_before <= (SELECT clock()) AND u.msg = 'update' AND o.alert_id = ANY (u.refs)
          AND o.state IN ('queued', 'muted') AND o.attempts = 0 AND o.series_id IN (
              SELECT i.series_id FROM outbox i WHERE i.outbox_id = ANY (in_ids))
        RETURNING o.outbox_id, o.alert_id, o.post_id
    ), given_up AS (
        UPDATE delivery d SET state = 'gave_up' FROM replaced r
        WHERE d.alert_id = r.alert_id AND d.post_id = r.post_id AND d.state = 'queued'
    ), muted AS (
        UPDATE outbox o SET state = 'muted'
        WHERE o.outbox_id = ANY (in_ids) AND o.outbox_id NOT IN (SELECT r.outbox_id FROM replaced r)
          AND o.kind = 'alert' AND o.attempts = 0
          AND (EXISTS (SELECT FROM silence s WHERE s.until > (SELECT clock())) OR EXISTS (SELECT FROM inhibition))
          AND alert_muted_until(o.alert_id, o.post_id) IS NOT NULL
        RETURNING o.outbox_id
    )
    SELECT array_agg(h.outbox_id) INTO held
    FROM (SELECT r.outbox_id FROM replaced r UNION ALL SELECT m.outbox_id FROM muted m) AS h;
    RETURN QUERY SELECT i FROM unnest(in_ids) AS i WHERE held IS NULL OR i <> ALL (held);
END
$$;
COMMENT ON FUNCTION outbox_hold IS 'Which of the rows may leave now; the courier''s transaction takes only those.';

-- What was held back and may go now: its time to be answered begins anew.
CREATE FUNCTION outbox_release() RETURNS bigint
LANGUAGE sql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    WITH released AS (
        UPDATE outbox o SET state = 'queued', not_before = clock()
        WHERE o.state = 'muted' AND alert_muted_until(o.alert_id, o.post_id) IS NULL
        RETURNING o.alert_id, o.post_id
    ), planned AS (
        UPDATE delivery d SET next_at = NULL FROM released r WHERE d.alert_id = r.alert_id AND d.post_id = r.post_id
    )
    SELECT count(*) FROM released
$$;
CREATE INDEX outbox_muted ON outbox (outbox_id) WHERE state = 'muted';

REVOKE ALL ON FUNCTION alert_status, alert_topic, group_closes, budget_used, alert_group_join, alert_silenced_until,
    alert_is_inhibited, alert_muted_until, outbox_hold, outbox_release FROM PUBLIC;
GRANT EXECUTE ON FUNCTION outbox_hold, outbox_release TO hulei_courier;
