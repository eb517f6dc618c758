"""A small world for tests of the console: pairs near and far put by the schema's own doors, without records behind them.
Starts nothing."""
from stack import sql, value

NEAR, FAR = "500111004203", "500111005001"


def reset_world():
    """Nothing but what the schema brought, the posts below, and the accounts."""
    sql("""
        TRUNCATE session, review_task, pair, person, decision, alert, delivery, outbox, ack, alert_series, source, parked,
                 feed_counter, command RESTART IDENTITY CASCADE;
        DELETE FROM post;
        INSERT INTO post (post_id, view, lead_post, topic, ack_topic, active) VALUES
            ('bureau', 'police', NULL, 'hulei.alert.bureau', 'hulei.ack.bureau', true),
            ('station', 'police', 'bureau', 'hulei.alert.station', 'hulei.ack.station', true),
            ('station-far', 'police', 'bureau', 'hulei.alert.station-far', 'hulei.ack.station-far', true),
            ('justice', 'judicial', NULL, 'hulei.alert.justice', 'hulei.ack.justice', true);
        INSERT INTO post_area (post_id, area_code) VALUES ('station', '500111004'), ('station-far', '500111005'),
            ('justice', '500111');
        INSERT INTO source (source_id, urn, topic, department) VALUES
            (1, 'urn:hulei:test:children', 'hulei.feed.civil-affairs.children', 'civil-affairs'),
            (2, 'urn:hulei:test:risk', 'hulei.feed.judicial.register', 'judicial')""")


def add_pairs(count, area=NEAR, tier=2, first=1):
    """Pairs (child 2n, person of concern 2n + 1) in an area; public ids of their tasks."""
    sql(f"""
        INSERT INTO person (person_id, grade, created_at, updated_at)
        SELECT n, 'strong', now(), now() FROM generate_series({2 * first}, {2 * (first + count) - 1}) AS n;
        SELECT pair_put(2 * n, 2 * n + 1, {tier}::smallint, 'O1', '{{NEAR_200M}}', jsonb_build_object('areas',
                   jsonb_build_array('{area}'), 'child_age_years', 9, 'class', 'A', 'relation', 'near'),
                   substr(sha256(n::text::bytea), 1, 16), 'test.1', clock())
        FROM generate_series({first}, {first + count - 1}) AS n""")
    return [row[0] for row in sql(f"""
        SELECT t.public_id FROM review_task t JOIN pair p USING (pair_id)
        WHERE p.child_person BETWEEN {2 * first} AND {2 * (first + count) - 1} AND t.kind = 'pair' ORDER BY p.child_person""")]


def deliver():
    """The courier's part: everything queued is sent."""
    sql("""
        UPDATE alert_series SET child_pseudonym = 'c-' || series_id, risk_pseudonym = 'r-' || series_id;
        UPDATE delivery SET state = 'sent', sent_at = clock(), ack_by = clock() + interval '4 hours' WHERE state = 'queued';
        UPDATE outbox SET state = 'sent', attempts = 1, sent_at = clock(), not_before = clock() - interval '1 s'
        WHERE state = 'queued' AND kind = 'alert'""")


def pair_state(task):
    return value(f"SELECT p.state FROM review_task t JOIN pair p USING (pair_id) WHERE t.public_id = '{task}'")
