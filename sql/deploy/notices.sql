-- Deploy hulei:notices to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- A word to the officer on duty through the district's gateway for text messages and calls: tier, post, deadline and
-- number, at once and at each step (DOMAIN.md E.4). Nothing of it tells whom an alert is about.

CREATE FUNCTION gateway_set(in_state text) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    INSERT INTO setting VALUES ('gateway', in_state) ON CONFLICT (name) DO UPDATE SET value = excluded.value
$$;
COMMENT ON FUNCTION gateway_set IS 'on: posts.yaml names a gateway; without one no notice is written.';

CREATE FUNCTION gateway_is_on() RETURNS boolean
LANGUAGE sql STABLE
RETURN EXISTS (SELECT FROM hulei.setting s WHERE s.name = 'gateway' AND s.value = 'on');

-- One notice; twice is once for a group that leaves together.
CREATE FUNCTION notice_put(in_post text, in_duty text, in_tier smallint, in_deadline timestamptz, in_number text,
                           in_group text) RETURNS void
LANGUAGE sql
SET search_path = hulei, pg_temp
AS $$
    INSERT INTO outbox (kind, topic, key, not_before, post_id, group_id, payload)
    SELECT 'notice', 'webhook:gateway', in_duty, clock(), in_post, in_group,
           convert_to(jsonb_strip_nulls(jsonb_build_object('tier', in_tier, 'post', in_post, 'number', in_number, 'deadline',
               to_char(in_deadline AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"')))::text, 'UTF8')
    WHERE gateway_is_on()
    ON CONFLICT (group_id, post_id) WHERE kind = 'notice' AND group_id IS NOT NULL DO NOTHING
$$;
CREATE UNIQUE INDEX outbox_notice_group ON outbox (group_id, post_id) WHERE kind = 'notice' AND group_id IS NOT NULL;
COMMENT ON COLUMN outbox.key IS 'Kafka key: the series id for alerts; never a personal value. Of a notice: whose turn it must be, officer or reviewer.';

-- Of messages that leave for the first time: calls of red to yellow, not their reminders. A lead that is drawn in by a
-- step gets a message of its own, and with it its officer this notice.
CREATE FUNCTION notices_put(in_ids bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    SELECT notice_put(o.post_id, 'officer', a.tier, alert_ack_by(a.sla, t.view, clock()), a.alert_id, o.group_id)
    FROM outbox o JOIN alert a USING (alert_id) JOIN post t ON t.post_id = o.post_id
    WHERE o.outbox_id = ANY (in_ids) AND o.kind = 'alert' AND o.repeat = 0 AND a.msg IN ('alert', 'update') AND a.tier < 4
    ORDER BY o.outbox_id
$$;

-- Reviewers on duty hear of red at once, and again with the others of each step.
CREATE FUNCTION notice_reviewers(in_task review_task, in_posts text[]) RETURNS void
LANGUAGE sql
SET search_path = hulei, pg_temp
AS $$
    SELECT notice_put(p.post_id, n.duty, in_task.tier, in_task.due_at, in_task.public_id, NULL)
    FROM post p
    CROSS JOIN LATERAL (VALUES ('reviewer', p.view = 'judicial'
                                            AND EXISTS (SELECT FROM duty_at(p.post_id, clock()) AS d WHERE d.duty = 'reviewer')),
                               ('officer', p.post_id = ANY (in_posts))) AS n (duty, is_meant)
    WHERE p.active AND n.is_meant AND gateway_is_on()
    ORDER BY p.post_id, n.duty
$$;

CREATE FUNCTION review_task_noticed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
BEGIN
    PERFORM notice_reviewers(NEW, '{}');
    RETURN NULL;
END
$$;
CREATE TRIGGER review_task_opened AFTER INSERT ON review_task FOR EACH ROW
    WHEN (NEW.tier = 1 AND NEW.state = 'open') EXECUTE FUNCTION review_task_noticed();
CREATE TRIGGER review_task_raised AFTER UPDATE OF tier ON review_task FOR EACH ROW
    WHEN (NEW.tier = 1 AND OLD.tier > 1 AND NEW.state = 'open') EXECUTE FUNCTION review_task_noticed();

CREATE FUNCTION review_escalation_noticed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
BEGIN
    PERFORM notice_reviewers(t, NEW.posts) FROM review_task t WHERE t.task_id = NEW.task_id AND t.tier = 1;
    RETURN NULL;
END
$$;
CREATE TRIGGER review_escalated AFTER INSERT ON review_escalation FOR EACH ROW EXECUTE FUNCTION review_escalation_noticed();

-- ---- webhooks ----

-- Not tried again before: twice as long each time, up to a quarter of an hour, and not all at the same moment.
CREATE FUNCTION webhook_failed(in_ids bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    UPDATE outbox SET attempts = attempts + (kind <> 'alert')::int, -- an alert's was counted before it left
                      retry_at = clock() + (0.5 + random()) * least(interval '15 min',
                          interval '1 s' * (2 ^ least(greatest(attempts, 1), 12)))
    WHERE outbox_id = ANY (in_ids) AND state = 'queued'
$$;
CREATE INDEX outbox_webhook ON outbox (topic, outbox_id) WHERE state = 'queued' AND topic LIKE 'webhook:%';

REVOKE ALL ON FUNCTION gateway_set, gateway_is_on, notice_put, notices_put, notice_reviewers, review_task_noticed,
    review_escalation_noticed, webhook_failed FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gateway_set, notices_put, webhook_failed TO hulei_courier;
