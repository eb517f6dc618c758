#!/usr/bin/env python3
"""Posts without Kafka, and receivers that misbehave: a wrong certificate, a body that does not end, a redirect, errors, a
courier killed before it could write down what arrived. Nothing is followed, nothing lost, nobody waits for another; the
gateway hears of each alert without hearing what it is about."""
import datetime
import json
import os
import textwrap

import webhook_receivers as hooks
from message_schemas import hold_event
from stack import *  # noqa: F403

KAFKA_POST, OFFICE, LEAD, AREA, PERSON = "pcs-500111004", "sfs-500111004", "gaj-dz", "500111004", 710_000_000
OFFICER, REVIEWER, CHIEF = "+86 23 5550 0117", "+86 23 5550 0118", "+86 23 5550 0119"  # of nobody
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
          - {{id: {LEAD}, view: police, topic: hulei.alert.{LEAD}, ack_topic: hulei.ack.{LEAD}}}
          - {{id: {OFFICE}, view: judicial, topic: hulei.alert.{OFFICE}, ack_topic: hulei.ack.{OFFICE}}}
        """)
    for name in receivers:
        lead = f", lead: {LEAD}" if name == "hook-good" else ""
        if name != "gateway":
            text += f"  - {{id: {name}, view: police, areas: [{{code: \"{AREA}\"}}]{lead}, webhook: {webhook(name)}}}\n"
    path = os.path.join(RUN, "posts-webhooks.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o644)
    return config_with(posts="posts-webhooks.yaml")


def put_alerts():
    evidence = json.dumps({"areas": [AREA + "201"], "child_area": AREA + "201", "risk_area": AREA + "201", "views": ["police"],
                           "child_age_years": 11, "class": "A", "relation": "near", "held": False})
    sql(f"""INSERT INTO person (person_id, grade, created_at, updated_at) SELECT g, 'strong', now(), now() FROM generate_series({PERSON}, {PERSON + 2 * ALERTS}) g;
            SELECT count(pair_put({PERSON} + 2 * g, {PERSON} + 2 * g + 1, 2::smallint, 'O1', '{{NEAR_200M}}', '{evidence}',
                                  decode(md5('hook' || g), 'hex'), 'test', now())) FROM generate_series(0, {ALERTS - 1}) g;
            UPDATE setting SET value = '0' WHERE name = 'undo_window_s';
            SELECT count(pair_event(p.pair_id, p.version, 'accept', 'rev1', jsonb_build_object('task_id', t.task_id,
                     'account_id', (SELECT account_id FROM account WHERE os_user = 'hulei-rev1'), 'reason_code', 'TEST')))
            FROM review_task t JOIN pair p USING (pair_id) WHERE t.state = 'open' AND t.kind = 'pair';""")


def fill_roster():
    """Who is on duty comes by the feed: officers of two posts and a reviewer of the judicial office, nobody of the others."""
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
    times = {"from": (now - datetime.timedelta(hours=1)).isoformat(timespec="seconds"),
             "to": (now + datetime.timedelta(hours=8)).isoformat(timespec="seconds")}
    engine = Role("engine")
    push_raw([raw(CHILDREN, "post_roster", f"d-{post}", NOW, {"post": post, "turns": [
        dict(times, account="u-7", phone=phone, duty=duty)]}, f"ev-{post}")
        for post, phone, duty in ((KAFKA_POST, OFFICER, "officer"), (OFFICE, REVIEWER, "reviewer"), (LEAD, CHIEF, "officer"))])
    wait_until(lambda: number("SELECT count(*) FROM duty_turn WHERE contact IS NOT NULL") == 3, 30, "the roster")
    engine.stop()


def put_red_review():
    sql(f"""INSERT INTO person (person_id, grade, created_at, updated_at) SELECT g, 'strong', now(), now() FROM generate_series({PERSON + 90}, {PERSON + 91}) g;
            SELECT pair_put({PERSON + 90}, {PERSON + 91}, 1::smallint, 'R1', '{{SAME_HOUSEHOLD}}',
                            '{{"areas": ["{AREA}201"], "held": false}}', decode(md5('red'), 'hex'), 'test', now());""")
    return value("SELECT public_id FROM review_task WHERE tier = 1 AND state = 'open'")


def check_notices(gateway, task):
    """Tier, post, deadline, number: to who is on duty now, at once; nobody on duty: the gateway knows the post."""
    notices = [event["data"] for event in gateway.taken.values()]
    same({key for notice in notices for key in notice} - {"tier", "post", "deadline", "number", "to"}, set(), "what a notice says")
    reviews = [notice for notice in notices if notice["number"] == task]
    same([(n["tier"], n["post"], n["to"]) for n in reviews], [(1, OFFICE, [REVIEWER])], "the reviewer on duty of a red review")
    hours = (datetime.datetime.fromisoformat(reviews[0]["deadline"]) - datetime.datetime.now(datetime.timezone.utc)).total_seconds() / 3600
    check(0.8 < hours <= 1, f"due in an hour, at night, too: {hours}")
    to = {post: {tuple(n["to"]) for n in notices if n["post"] == post} for post in {n["post"] for n in notices}}
    same((to.pop(KAFKA_POST), to.pop(OFFICE)), ({(OFFICER,)}, {(REVIEWER,)}), "who is called")
    same(set().union(*to.values()), {()}, "posts with nobody on duty")


def step_up(gateway):
    """A step draws the lead in, and its officer hears at once; nobody called the lead before."""
    def calls():
        return [event["data"] for event in gateway.taken.values() if event["data"]["post"] == LEAD]
    same(calls(), [], "calls to the lead before a step")
    sql("""UPDATE delivery SET sent_at = sent_at - interval '30 days', ack_by = ack_by - interval '30 days', next_at = NULL
           WHERE post_id = 'hook-good'""")
    wait_until(calls, 20, "a step, a notice")
    same({(n["tier"], tuple(n["to"])) for n in calls()}, {(2, (CHIEF,))}, "to the lead on duty")


def sent(post):
    return number(f"SELECT count(*) FROM delivery WHERE post_id = '{post}' AND sent_at IS NOT NULL")


def proof():
    reset()
    receivers, trap, ca = make_receivers(work_folder())
    os.chmod(work_folder(), 0o755)
    config = write_posts(receivers, ca)
    courier = Role("courier", config)
    wait_until(lambda: number("SELECT count(*) FROM post WHERE active") == 9, 20, "the posts are known")
    fill_roster()
    put_alerts()
    task = put_red_review()
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
    check_notices(receivers["gateway"], task)

    # What arrived but was not written down is sent again by the next courier, and the receiver knows it by its id.
    courier.kill()
    sql("UPDATE outbox SET state = 'queued', sent_at = NULL WHERE topic = 'webhook:hook-good' AND kind = 'alert';")
    receivers["hook-forged"].server.socket.close()
    courier = Role("courier", config)
    wait_until(lambda: receivers["hook-good"].replayed == ALERTS, 20, "it is sent again by the same id")
    same(len(receivers["hook-good"].alerts()), ALERTS, "alerts, each once")
    step_up(receivers["gateway"])
    return f"{ALERTS} alerts to 6 webhooks and a Kafka post; {receivers['hook-slow'].requests} slow and {receivers['hook-moved'].requests} redirected tries"


if __name__ == "__main__":
    main(proof)
