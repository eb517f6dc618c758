-- Deploy hulei:delivery to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE TABLE post (
    post_id   text PRIMARY KEY CHECK (post_id ~ '^[a-z0-9-]{1,64}$'),
    view      text NOT NULL CHECK (view IN ('police', 'judicial', 'civil', 'education', 'community', 'office')),
    lead_post text REFERENCES post,
    topic     text NOT NULL UNIQUE,
    ack_topic text NOT NULL UNIQUE,
    active    boolean NOT NULL,
    takes_unrouted boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE post IS 'Who receives alerts, from config/posts.yaml.';
COMMENT ON COLUMN post.takes_unrouted IS 'Hears of alerts whose area no post answers for (未联办).';

CREATE TABLE post_area (
    post_id   text NOT NULL REFERENCES post ON DELETE CASCADE,
    area_code text NOT NULL CHECK (area_code ~ '^[0-9]{2,12}$'),
    from_date date,
    to_date   date,
    CHECK (from_date <= to_date)
);
COMMENT ON TABLE post_area IS 'Prefixes of the 12-digit community code a post answers for, with effective dates (NULL: no bound).';
CREATE INDEX post_area_post ON post_area (post_id);

CREATE TABLE alert_series (
    series_id       text PRIMARY KEY,
    pair_id         bigint REFERENCES pair,
    emergency_id    bigint,
    post_id         text NOT NULL REFERENCES post,
    opened_quarter  text NOT NULL CHECK (opened_quarter ~ '^[0-9]{4}Q[1-4]$'),
    child_pseudonym text,
    risk_pseudonym  text,
    UNIQUE (pair_id, post_id),
    UNIQUE (emergency_id, post_id),
    CHECK ((emergency_id IS NULL) = (pair_id IS NOT NULL))
);
COMMENT ON TABLE alert_series IS 'All messages about one pair, or one emergency, to one post; its random id is the Kafka key, its pseudonyms stay for its life.';

-- An exercise is told as one on every message, and on topics of its own.
CREATE FUNCTION alert_status() RETURNS text
LANGUAGE sql STABLE
RETURN coalesce((SELECT s.value FROM hulei.setting s WHERE s.name = 'alert_status'), 'actual');

CREATE FUNCTION alert_topic(in_post post, in_status text) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN in_status = 'exercise' AND in_post.topic NOT LIKE 'webhook:%' THEN 'hulei.exercise.' || in_post.post_id
            ELSE in_post.topic END;

CREATE TABLE alert (
    alert_id     text PRIMARY KEY DEFAULT 'al-' || replace(gen_random_uuid()::text, '-', ''),
    pair_id      bigint REFERENCES pair,
    pair_version int NOT NULL,
    emergency_id bigint,
    is_emergency boolean NOT NULL GENERATED ALWAYS AS (emergency_id IS NOT NULL) STORED,
    decision_id  bigint,
    tier         smallint NOT NULL CHECK (tier BETWEEN 1 AND 4),
    rule         text NOT NULL,
    reasons      text[] NOT NULL,
    evidence     jsonb NOT NULL,
    policy_version text NOT NULL,
    msg          text NOT NULL CHECK (msg IN ('alert', 'update', 'cancel', 'close')),
    refs         text[] NOT NULL DEFAULT '{}',
    provisional  boolean NOT NULL DEFAULT false,
    status       text NOT NULL DEFAULT alert_status() CHECK (status IN ('actual', 'exercise')),
    created_at   timestamptz NOT NULL DEFAULT clock(),
    sla          smallint NOT NULL GENERATED ALWAYS AS (CASE WHEN emergency_id IS NOT NULL AND tier = 1 THEN 0 ELSE tier END) STORED,
    CHECK ((emergency_id IS NULL) = (pair_id IS NOT NULL)),
    CHECK (msg NOT IN ('alert', 'update') OR decision_id IS NOT NULL OR emergency_id IS NOT NULL),
    CHECK (NOT (emergency_id IS NOT NULL AND (decision_id IS NOT NULL OR provisional))),
    CHECK (NOT provisional OR (tier = 1 AND msg IN ('alert', 'update'))),
    FOREIGN KEY (decision_id, pair_id) REFERENCES decision (decision_id, pair_id)
);
COMMENT ON TABLE alert IS 'One alert, several messages. Without the decision of a named human there is none about a person of concern.';
COMMENT ON COLUMN alert.is_emergency IS 'It came by the emergency path: nobody reviewed it, and nothing about a person of concern is in it.';
COMMENT ON COLUMN alert.sla IS 'Which deadlines hold: 0 for a red emergency, else the tier.';
COMMENT ON COLUMN alert.evidence IS 'What the reviewer accepted (codes only), with reasons and policy_version: an alert that waits is never rendered from newer, unreviewed evidence.';
COMMENT ON COLUMN alert.status IS 'As the setting alert_status was when it was issued: what began as an exercise ends as one.';
COMMENT ON COLUMN alert.refs IS 'Ids of the alerts that an update, cancel or close supersedes.';
COMMENT ON COLUMN alert.provisional IS 'Red that a second person has not signed yet.';
CREATE INDEX alert_pair ON alert (pair_id);

CREATE TABLE delivery (
    alert_id     text NOT NULL REFERENCES alert ON DELETE CASCADE,
    post_id      text NOT NULL REFERENCES post,
    series_id    text NOT NULL REFERENCES alert_series,
    state        text NOT NULL CHECK (state IN ('queued', 'sent', 'acked', 'acting', 'closed', 'cannot', 'gave_up')),
    queued_at    timestamptz NOT NULL DEFAULT clock(),
    sent_at      timestamptz,
    acked_at     timestamptz,
    ack_by       timestamptz,
    act_by       timestamptz,
    outcome_code text,
    escalated_at timestamptz,
    PRIMARY KEY (alert_id, post_id)
);
COMMENT ON TABLE delivery IS 'Where one alert stands with one post.';
COMMENT ON COLUMN delivery.state IS 'gave_up: withdrawn, or replaced, before any delivery report.';
COMMENT ON COLUMN delivery.ack_by IS 'Compared with the database clock; set when the message is sent.';
CREATE INDEX delivery_series ON delivery (series_id);
CREATE INDEX delivery_unacknowledged ON delivery (ack_by) WHERE state = 'sent' AND escalated_at IS NULL;

CREATE TABLE escalation (
    alert_id text NOT NULL,
    post_id  text NOT NULL,
    step     int NOT NULL,
    to_post  text NOT NULL REFERENCES post,
    at       timestamptz NOT NULL,
    PRIMARY KEY (alert_id, post_id, step),
    FOREIGN KEY (alert_id, post_id) REFERENCES delivery ON DELETE CASCADE
);
COMMENT ON TABLE escalation IS 'Steps taken for want of an acknowledgement; the key lets each happen once.';

CREATE TABLE ack (
    ack_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic        text NOT NULL,
    part         int NOT NULL,
    off          bigint NOT NULL,
    post_id      text,
    alert_id     text,
    state        text,
    outcome_code text,
    who          text,
    at           text,
    verdict      text NOT NULL CHECK (verdict IN ('accepted', 'late', 'repeated', 'unknown', 'foreign', 'invalid')),
    received_at  timestamptz NOT NULL,
    UNIQUE (topic, part, off)
);
COMMENT ON TABLE ack IS 'Every answer of a post, whatever it was worth. `at` is as the post wrote it.';

CREATE TABLE outbox (
    outbox_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text NOT NULL CHECK (kind IN ('alert', 'receipt', 'outcome', 'emergency', 'feed', 'digest', 'notice', 'audit')),
    topic      text NOT NULL,
    key        text,
    payload    bytea,
    headers    jsonb,
    not_before timestamptz NOT NULL,
    state      text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'muted', 'sent', 'failed', 'withdrawn')),
    attempts   int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT clock(),
    sent_at    timestamptz,
    alert_id   text REFERENCES alert ON DELETE CASCADE,
    post_id    text REFERENCES post,
    series_id  text REFERENCES alert_series,
    seq        int,
    is_urgent  boolean NOT NULL DEFAULT false,
    group_id   text,
    retry_at   timestamptz,
    UNIQUE (series_id, seq),
    CHECK (kind = 'alert' OR payload IS NOT NULL),
    CHECK (kind <> 'alert' OR (alert_id IS NOT NULL AND post_id IS NOT NULL AND series_id IS NOT NULL))
);
COMMENT ON TABLE outbox IS 'What the courier must produce; per-row state, no watermark. Alert rows are rendered when they are sent.';
COMMENT ON COLUMN outbox.state IS 'muted: a silence or another alert holds it back, for as long as that lasts. withdrawn: taken by the courier when its ground went; it may have left, and a cancel follows it; or an update replaced it before it left.';
COMMENT ON COLUMN outbox.topic IS 'webhook:<post> and webhook:gateway are no topics: the rows go out by HTTPS.';
COMMENT ON COLUMN outbox.group_id IS 'Alerts of one post, community and rule that wait for the same moment.';
COMMENT ON COLUMN outbox.retry_at IS 'Of a webhook that failed: not tried again before.';
COMMENT ON COLUMN outbox.not_before IS 'Until then the row waits, and a decision behind it can be undone.';
COMMENT ON COLUMN outbox.key IS 'Kafka key: the series id for alerts; never a personal value.';
COMMENT ON COLUMN outbox.is_urgent IS 'Of an emergency: sent on a way of its own, never behind the others.';
COMMENT ON COLUMN outbox.seq IS 'Place in the series, from 1.';
CREATE INDEX outbox_unsent ON outbox (topic, key, outbox_id) WHERE state = 'queued';
CREATE INDEX outbox_alert ON outbox (alert_id) WHERE alert_id IS NOT NULL;
