#!/usr/bin/env python3
"""Posts without Kafka, and receivers that misbehave: a wrong certificate, a body that does not end, a redirect, errors, a
courier killed before it could write down what arrived. Nothing is followed, nothing lost, nobody waits for another; the
gateway hears of each alert without hearing what it is about."""
import json
import os
import textwrap

import webhook_receivers as hooks
from message_schemas import hold_event
from stack import *  # noqa: F403

KAFKA_POST, AREA, PERSON = "pcs-500111004", "500111004", 710_000_000
ALERTS = 3
GOOD = lambda count: 200  # noqa: E731


def make_receivers(folder):
    certificate = hooks.make_certificate(folder, "hook")
    other = hooks.make_certificate(folder, "hook-other")
    keys = os.path.join(RUN, "keys-courier")
    secret, old = (hooks.make_secret(keys, name) for name in ("hook.key", "hook-old.key"))
    trap = hooks.Receiver(*certificate, secret, GOOD)
    receivers = {
        "hook-good": hooks.Receiver(*certificate, secret, GOOD),
        "hook-old": hooks.Receiver(*certificate, old, GOOD),  # has not heard of the new secret yet
        "hook-flaky": hooks.Receiver(*certificate, secret, lambda count: 500 if count <= 3 else 200),
        "hook-slow": hooks.Receiver(*certificate, secret, lambda count: "slow"),
        "hook-moved": hooks.Receiver(*certificate, secret, lambda count: "redirect", trap.url),
        "hook-forged": hooks.Receiver(*other, secret, GOOD),
        "gateway": hooks.Receiver(*certificate, secret, GOOD),
    }
    return receivers, trap, certificate[0]


def write_posts(receivers, ca):
    def webhook(name):
        return f"{{url: \"{receivers[name].url}\", ca: {ca}, secrets: [hook.key, hook-old.key]}}"
    text = textwrap.dedent(f"""\
        gateway: {webhook("gateway")}
        posts:
          - {{id: {KAFKA_POST}, view: police, topic: hulei.alert.{KAFKA_POST}, ack_topic: hulei.ack.{KAFKA_POST}, areas: [{{code: "{AREA}"}}]}}
        """)
    for name in receivers:
        if name != "gateway":
            text += f"  - {{id: {name}, view: police, areas: [{{code: \"{AREA}\"}}], webhook: {webhook(name)}}}\n"
    path = os.path.join(RUN, "posts-webhooks.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o644)
    return config_with(posts="posts-webhooks.yaml")


def put_alerts():
    evidence = json.dumps({"areas": [AREA + "201"], "child_area": AREA + "201", "risk_area": AREA + "201", "views": ["police"],
                           "child_age_years": 11, "class": "A", "relation": "near", "held": False})
    sql(f"""INSERT INTO person SELECT g, 'strong', NULL, now(), now() FROM generate_series({PERSON}, {PERSON + 2 * ALERTS}) g;
            SELECT count(pair_put({PERSON} + 2 * g, {PERSON} + 2 * g + 1, 2::smallint, 'O1', '{{NEAR_200M}}', '{evidence}',
                                  decode(md5('hook' || g), 'hex'), 'test', now())) FROM generate_series(0, {ALERTS - 1}) g;
            UPDATE setting SET value = '0' WHERE name = 'undo_window_s';
            SELECT count(pair_event(p.pair_id, p.version, 'accept', 'rev1', jsonb_build_object('task_id', t.task_id,
                     'account_id', (SELECT account_id FROM account WHERE os_user = 'hulei-rev1'), 'reason_code', 'TEST')))
            FROM review_task t JOIN pair p USING (pair_id) WHERE t.state = 'open' AND t.kind = 'pair';""")


def sent(post):
    return number(f"SELECT count(*) FROM delivery WHERE post_id = '{post}' AND sent_at IS NOT NULL")


def proof():
    reset()
    receivers, trap, ca = make_receivers(work_folder())
    os.chmod(work_folder(), 0o755)
    config = write_posts(receivers, ca)
    courier = Role("courier", config)
    wait_until(lambda: number("SELECT count(*) FROM post WHERE active") == 7, 20, "the posts are known")
    put_alerts()
    for post in (KAFKA_POST, "hook-good", "hook-old"):
        wait_until(lambda post=post: sent(post) == ALERTS, 8, f"{post} has its alerts while others fail")
    wait_until(lambda: sent("hook-flaky") == ALERTS, 40, "errors are tried again")
    wait_until(lambda: receivers["hook-slow"].requests >= 2 and receivers["hook-moved"].requests >= 2, 30, "so are the others")
    same([sent(post) for post in ("hook-slow", "hook-moved", "hook-forged")], [0, 0, 0], "alerts sent by no 2xx")
    same(trap.requests, 0, "requests that followed a redirect")
    same(receivers["hook-forged"].requests, 0, "requests to a receiver nobody vouches for")
    check(number("SELECT count(*) FROM outbox WHERE topic = 'webhook:hook-forged' AND retry_at > clock() AND state = 'queued'") > 0,
          "when to try again is a row")
    for name in ("hook-good", "hook-old", "hook-flaky"):
        receiver = receivers[name]
        same(receiver.refused, [], f"messages {name} could not verify")
        same(sorted(receiver.taken), sorted(event["id"] for event in receiver.taken.values()), "a message's id is the header's")
        same(len(receiver.alerts()), ALERTS, f"alerts {name} took")
    check(any(event["type"] == "hulei.heartbeat.v1" for event in receivers["hook-good"].taken.values()), "a sign of life, too")

    same({hold_event(event) for event in receivers["hook-good"].taken.values()}, {"police", "heartbeat"}, "kinds of messages")
    same({hold_event(event) for event in receivers["gateway"].taken.values()}, {"notice"}, "what the gateway takes")
    notices = [event["data"] for event in receivers["gateway"].taken.values()]
    check(len(notices) >= ALERTS * 7, "the gateway hears of every alert and post")
    same({key for notice in notices for key in notice} - {"tier", "post", "deadline", "number", "to"}, set(), "what a notice says")

    # What arrived but was not written down is sent again by the next courier, and the receiver knows it by its id.
    courier.kill()
    sql("UPDATE outbox SET state = 'queued', sent_at = NULL WHERE topic = 'webhook:hook-good' AND kind = 'alert';")
    receivers["hook-forged"].server.socket.close()
    courier = Role("courier", config)
    wait_until(lambda: receivers["hook-good"].replayed == ALERTS, 20, "it is sent again by the same id")
    same(len(receivers["hook-good"].alerts()), ALERTS, "alerts, each once")
    return f"{ALERTS} alerts to 6 webhooks and a Kafka post; {receivers['hook-slow'].requests} slow and {receivers['hook-moved'].requests} redirected tries"


if __name__ == "__main__":
    main(proof)
