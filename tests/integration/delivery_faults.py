"""Alerts to fifty posts while broker and courier are killed, posts are dead, one may not be written and one has no topic;
then the clock jumps over the national holiday. A checker holds topics and tables against what was to be told.

The engine does not run: pairs come by its SQL door, decisions by the reviewers'."""
import collections
import concurrent.futures
import json
import os
import socket
import subprocess
import time

import kafka_admin
from emergency import report
from escalation_table import Checker, Timeline, local, moment
from stack import *  # noqa: F403

TOWNS = [f"500111{n:03d}" for n in (*range(1, 7), 100, *range(102, 120))]
LEADS = ("gaj-dz", "sfj-dz", "wlb-dz", "zfw-dz")
POSTS = [f"{kind}-{town}" for town in TOWNS for kind in ("pcs", "sfs")]
DEAD = {"pcs-500111001", "sfs-500111002"}  # they never answer
DUMB, GONE = "pcs-500111003", "sfs-500111004"  # may not be written at first; has no topic
DUMB_TOPIC, GONE_TOPIC = f"hulei.alert.{DUMB}", f"hulei.alert.{GONE}"
PERSON = 740_000_000
SLACK_SECONDS = 100  # an outage of the broker lies between a claim and its report
START = "2026-09-30 16:00"  # a Wednesday; work begins again on 8 October, and Saturday the 10th is worked
MIX = "loss=30,late=10,cannot=4,duplicate=5,foreign=3,unknown=3,broken=3"


# ---- people and pairs ----

def act(text):
    """Many decisions in one transaction, as no reviewer takes them: where one meets the courier's locks it is run again."""
    for _ in range(50):
        try:
            return sql(text)
        except Failure as failure:
            check("deadlock detected" in str(failure), str(failure))
    raise Failure("decisions and the courier do not get past each other")


def put_and_accept(first, count):
    """Pairs first .. first + count - 1, a third of each tier, town by town; opened and accepted in one transaction."""
    low = PERSON + 2 * first
    towns = "ARRAY['" + "','".join(TOWNS) + "']"
    act(f"""BEGIN;
INSERT INTO person (person_id, grade, created_at, updated_at) SELECT g, 'strong', now(), now() FROM generate_series({low}, {low + 2 * count - 1}) g;
SELECT count(pair_put({PERSON} + 2 * g, {PERSON} + 2 * g + 1, (1 + g % 3)::smallint, (ARRAY['R1', 'O1', 'Y1'])[1 + g % 3],
                      '{{NEAR_200M}}', jsonb_build_object('areas', jsonb_build_array(({towns})[1 + g / 3 % {len(TOWNS)}] || '201'),
                      'views', '{{"police", "judicial"}}'::text[], 'held', false), decode(md5('f' || g), 'hex'), 'test', clock()))
FROM generate_series({first}, {first + count - 1}) g;
{decide('accept', 'rev1', f"p.child_person >= {low} AND p.state = 'in_review'")}
COMMIT;""")


def decide(verdict, reviewer, which):
    return f"""SELECT count(pair_event(p.pair_id, p.version, '{verdict}', '{reviewer}', jsonb_build_object('task_id', t.task_id,
    'account_id', (SELECT account_id FROM account WHERE name = '{reviewer}'), 'reason_code', 'ACCEPT_CONFIRMED')))
FROM (SELECT p.*, t.task_id FROM pair p JOIN review_task t USING (pair_id) WHERE t.state = 'open' AND {which}
      ORDER BY p.pair_id) AS p JOIN review_task t USING (task_id);"""


def change(first, count):
    """What follows: every red is signed, of the others each tenth comes nearer, each tenth is withdrawn."""
    low, high = PERSON + 2 * first, PERSON + 2 * (first + count)
    mine = f"p.child_person >= {low} AND p.child_person < {high} AND p.tier > 1 AND p.state = 'accepted'"
    act(f"""{decide('sign', 'rev2', f"p.child_person >= {low} AND p.child_person < {high} AND t.kind = 'sign'")}
BEGIN;
SELECT count(pair_put(p.child_person, p.risk_person, p.tier, p.rule, '{{NEAR_100M}}', p.evidence, decode(md5('n' || p.pair_id), 'hex'),
                      'test', clock()))
FROM (SELECT * FROM pair p WHERE {mine} AND p.child_person % 20 = 2 ORDER BY pair_id) AS p;
{decide('accept', 'rev1', f"p.child_person >= {low} AND p.state = 'in_review'")}
COMMIT;
SELECT count(pair_event(p.pair_id, p.version, 'retract', 'engine', '{{}}'))
FROM (SELECT * FROM pair p WHERE {mine} AND p.child_person % 20 = 12 ORDER BY pair_id) AS p;""")


# ---- what runs, and what happens to it ----

class Courier:
    """The courier and how often it was killed."""

    def __init__(self):
        self.role, self.kills = Role("courier"), 0

    def kill(self, seconds=0.0):
        self.role.kill()
        self.kills += 1
        time.sleep(seconds)
        self.role = Role("courier")


class Simulator:
    """`hulei post simulate` for some posts, from now on."""

    def __init__(self, posts, mix, seed):
        self.process = subprocess.Popen(
            [BIN, "post", "simulate", "--config", CONFIG, "--passwords", os.path.join(RUN, "secrets"), "--post", ",".join(posts),
             "--seed", str(seed), "--mix", mix, "--until", "acked", "--delay", "0-1500", "--late-delay", "2000-8000",
             "--from-end", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def await_ready(self):
        for line in self.process.stderr:
            if "read their topics" in line:
                return
        raise Failure("hulei post simulate does not begin")

    def finish(self):
        self.process.terminate()
        text, _ = self.process.communicate(timeout=30)
        same(self.process.returncode, 0, "exit status of hulei post simulate")
        return json.loads(text)["total"]


def hold_reports():
    """Keeps what waits in `delivery` from being written, so that messages leave and no report of theirs can be noted."""
    holder = subprocess.Popen(["psql", "-XqAt", "-U", "postgres", "-h", os.path.join(RUN, "sock"), "-p", port(), "-d", "hulei"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    holder.stdin.write("BEGIN; SELECT 'held' FROM (SELECT count(*) FROM (SELECT FROM hulei.delivery "
                       "WHERE state = 'queued' FOR UPDATE) AS row) AS rows;\n")
    holder.stdin.flush()
    check(holder.stdout.readline() == "held\n", "the table is held")
    return holder


def kill_amid_sending(courier):
    """Kills the courier when messages are in the broker's log and their rows still say queued."""
    topics = {f"hulei.alert.{post}" for post in POSTS if post != GONE}
    holder = hold_reports()
    before = sum(log_ends(topics).values())
    wait_until(lambda: sum(log_ends(topics).values()) > before, 30, "messages in the log")
    courier.role.kill()
    courier.kills += 1
    holder.communicate("ROLLBACK;\n")
    courier.role = Role("courier")


# ---- the clock ----

def travel_to(text):
    sql(f"""INSERT INTO setting VALUES ('clock_shift', (('{text}+08')::timestamptz - clock_timestamp())::text)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value""")


def now():
    return moment(value(f"SELECT {local('clock()')}"))


def is_quiet():
    return number(f"""SELECT (SELECT count(*) FROM delivery WHERE state IN ('queued', 'sent', 'acked', 'acting')
                                     AND coalesce(next_at, clock()) <= clock())
                           + (SELECT count(*) FROM outbox WHERE state = 'queued' AND topic <> '{GONE_TOPIC}'
                                     AND not_before <= clock())""") == 0


def jump(timeline, text, seconds):
    """Lets the clock be `text`, and the courier do what that makes due."""
    timeline.end(now())
    travel_to(text)
    timeline.begin(now())
    wait_until(lambda: is_quiet() and not time.sleep(1.2) and is_quiet(), seconds, f"all done that is due on {text}")
    timeline.quiet(now())


# ---- what must have been told ----

def read_topics(ends):
    """{post: [events]} of alerts, in the order of the log."""
    posts = [post for post in (*POSTS, *LEADS) if post != GONE]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        messages = pool.map(lambda post: alerts_of(post, ends), posts)
        return {post: [(message["key"], json.loads(message["payload"])) for message in found]
                for post, found in zip(posts, messages)}


def check_topics(told):
    """At least once, by one stable id, in the order of each series, and nothing that nobody issued."""
    due = {row[0]: (row[1], row[2], int(row[3])) for row in sql(f"""
        SELECT alert_id || '/' || post_id || CASE repeat WHEN 0 THEN '' ELSE '/' || repeat END, alert_id, series_id, seq
        FROM outbox WHERE kind = 'alert' AND state = 'sent'""")}
    seen = collections.Counter()
    for post, events in told.items():
        last = {}
        for key, event in events:
            name = event["id"]
            seen[name] += 1
            if name not in due:
                continue  # withdrawn while it left: its cancel follows
            alert, series, seq = due[name]
            check((event["subject"], key, event["data"]["post"]) == (alert, series, post), f"{name} stands for one alert")
            check(seq >= last.get(key, 0), f"{post}: message {seq} of {key} after {last.get(key)}")
            last[key] = seq
    same(sorted(set(due) - set(seen)), [], "messages that were sent and are on no topic")
    issued = {row[0] for row in sql("SELECT alert_id || '/' || post_id FROM delivery")}
    same(sorted(name for name in set(seen) - set(due) if "/".join(name.split("/")[:2]) not in issued), [], "messages nobody issued")
    lost = sql(f"SELECT alert_id, post_id FROM delivery WHERE state = 'queued' AND post_id <> '{GONE}'")
    same(lost, [], "deliveries that were lost")
    return len(due), sum(seen.values()) - len(seen)


def check_answers(totals):
    """Every answer the broker confirmed to a post was taken, whatever it was worth."""
    sent = sum(total[word] for total in totals for word in ("acked", "closed", "cannot", "duplicates", "strays"))
    wait_until(lambda: number("SELECT count(*) FROM ack") >= sent, 30, "all answers are read")
    same(number("SELECT count(*) FROM ack"), sent, "answers")
    verdicts = {row[0] for row in sql("SELECT DISTINCT verdict FROM ack")}
    check({"accepted", "repeated", "foreign", "unknown", "invalid"} <= verdicts, f"every kind of answer: {verdicts}")
    return sent


# ---- alerts to nowhere ----

def courier_detail():
    text = value("SELECT detail FROM role_status WHERE role = 'courier' AND updated_at > clock_timestamp() - interval '20 s'")
    return json.loads(text) if text else {}


def failing():
    return {topic["topic"]: topic["error"] for topic in courier_detail().get("topics_failing", [])}


def metrics():
    """{name with labels: number} of the courier."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        client.connect(os.path.join(RUN, "courier/metrics.sock"))
        client.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
        text = b"".join(iter(lambda: client.recv(65536), b"")).decode()
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith("hulei_")}


def check_found_at_start(courier):
    """A post without right and one without topic are alarms before there is any alert, each by its figure."""
    wait_until(lambda: failing().get(DUMB_TOPIC) == "TOPIC_AUTHORIZATION_FAILED", 30, "the missing right is in the status")
    wait_until(lambda: courier_detail().get("posts_unreachable", 0) >= 1, 30, "so is the missing topic")
    check(courier_detail()["alarm"], "the courier raises an alarm")
    check("topic_failing" in courier.role.log() and "alert_topic_unusable" in courier.role.log(), "both are in the log")
    done = subprocess.run([BIN, "status", "--config", CONFIG], capture_output=True, text=True, check=False)
    same(done.returncode, 1, "exit status of hulei status")
    wait_until(lambda: metrics()["hulei_courier_topics_failing"] >= 1, 10, "the failing topic is a figure")
    check(metrics()["hulei_courier_posts_unreachable"] == 1, "and so is the missing one")


def check_dead_posts(counts):
    """A dead post among fifty is known by its own figures, and costs the others nothing."""
    posts = {post["post"]: post for post in wait_until(courier_detail, 20, "the courier's status")["posts"]}
    for post in DEAD:
        check(posts[post]["sent"] > 0 and posts[post]["answered"] == 0 and posts[post]["escalated"] > 0, f"{post}: {posts[post]}")
    check(posts[GONE]["queued"] > 0 and posts[GONE]["escalated"] > 0, f"{GONE}: {posts[GONE]}")
    check(counts["human"] > 0, "the last level is a human's queue")


# ---- the whole ----

class Plan:
    """How much, and which faults after which chunk of alerts: the courier killed, killed amid its sending, the broker killed
    and started again, the right given back. Jumps of the clock, with what happens before each."""

    def __init__(self, alerts, chunk, reports, kills, amid, broker, allow, jumps, patience):
        self.alerts, self.chunk, self.reports, self.jumps, self.patience = alerts, chunk, reports, jumps, patience
        self.kills, self.amid, self.broker, self.allow = set(kills), set(amid), set(broker), allow


def deliver(plan, courier):
    """Puts the alerts in, chunk by chunk, with the faults in between."""
    for n, first in enumerate(range(0, plan.alerts, plan.chunk)):
        size = min(plan.chunk, plan.alerts - first)
        put_and_accept(first, size)
        if n in plan.amid:
            kill_amid_sending(courier)
        if n in plan.kills:
            courier.kill()
        if n in plan.broker:
            kill_broker(patience=plan.patience)
        if n == plan.allow:
            kafka_admin.allow_writing_again("courier", DUMB_TOPIC)
        change(first, size)


def send_reports(count):
    push_raw([report(f"r-{n}", place={"area_code": f"{TOWNS[n % len(TOWNS)]}201"}, minor={"at_risk": True}) for n in range(count)])


def run_clock(plan, courier, timeline):
    """Over the holiday, with kills on the way."""
    for text, fault in plan.jumps:
        if fault == "broker":
            kill_broker(patience=plan.patience)
        if fault == "courier":
            courier.kill()
        if moment(text) > now():  # a slow machine may be past the first ones
            jump(timeline, text, plan.patience)


def prove(plan):
    reset()
    travel_to(START)
    ends = log_ends({f"hulei.alert.{post}" for post in (*POSTS, *LEADS)})
    kafka_admin.deny_writing("courier", DUMB_TOPIC)
    kafka_admin.delete_topic(GONE_TOPIC)
    simulators = []
    try:
        return run(plan, ends, simulators)
    finally:
        for simulator in simulators:
            simulator.process.kill()
        stop_all()
        kafka_admin.allow_writing_again("courier", DUMB_TOPIC)
        subprocess.run([BIN, "topics", "apply", "--config", CONFIG], check=True, capture_output=True)
        sql("DELETE FROM setting WHERE name = 'clock_shift'")


def run(plan, ends, simulators):
    sql("UPDATE setting SET value = '0' WHERE name = 'undo_window_s'")
    sql("UPDATE account SET roles = '{reviewer,second_reviewer}' WHERE name = 'rev2'")
    simulators += [Simulator([post for post in POSTS if post not in DEAD | {GONE}], MIX, 11), Simulator(LEADS, "loss=60", 12)]
    timeline, courier = Timeline(SLACK_SECONDS), Courier()
    timeline.begin(now())
    check_found_at_start(courier)
    for simulator in simulators:
        simulator.await_ready()
    started = time.monotonic()
    send_reports(plan.reports)
    deliver(plan, courier)
    wait_until(is_quiet, plan.patience, "all alerts that can be sent are sent")
    wait_until(lambda: DUMB_TOPIC not in failing(), 40, "the alarm of the right ends")
    took = time.monotonic() - started
    run_clock(plan, courier, timeline)
    totals = [simulator.finish() for simulator in simulators]
    answers = check_answers(totals)
    timeline.end(now())
    check(metrics()["hulei_courier_escalated_total"] > 0, "escalations are a figure")
    courier.role.stop()
    counts = Checker(timeline).run()
    check_dead_posts(counts)
    messages, again = check_topics(read_topics(ends))
    same(sql("SELECT * FROM audit_verify()"), [], "faults of the audit chain")
    return (f"{plan.alerts} alerts and {plan.reports} emergencies to {len(POSTS)} posts in {took:.0f} s, {courier.kills} kills "
            f"of the courier, {messages} messages, {again} sent again by the same id, {answers} answers; "
            + ", ".join(f"{count} {what}" for what, count in sorted(counts.items())))
