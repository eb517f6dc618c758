#!/usr/bin/env python3
"""Review, delivery, acknowledgement and escalation on the real broker and database of deploy/dev/up.

Pairs are put in by the engine's own SQL door, so no engine runs. Needs root (roles run as their own OS users) and the
variables of env.sh. Prints one line per check; exit status 1 when one fails.
"""
import json
import os
import signal
import socket
import subprocess
import sys
import time

import kafka_admin
import stack

RUN = os.environ["HULEI_RUN"]
BIN = os.environ["HULEI_BIN"]
CONFIG = os.environ["HULEI_CONFIG"]
POLICE, JUDICIAL, LEAD = "pcs-500111004", "sfs-500111004", "gaj-dz"
BASE = 900_000_000  # person ids no engine hands out in a test
PAIRS = 60
failures = 0


def check(what, is_true, detail=""):
    global failures
    print(f"{'ok  ' if is_true else 'FAIL'} {what}{'' if is_true else '  ' + str(detail)}", flush=True)
    failures += not is_true


def sql(text):
    done = subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-U", "postgres"], input="SET search_path = hulei;\n" + text,
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"psql: {done.stderr.strip()}")
    return [line.split("|") for line in done.stdout.splitlines()]


def number(text):
    return int(sql(text)[0][0])


def start(role):
    log = open(f"{RUN}/log/test-{role}.log", "ab")
    return subprocess.Popen(["setpriv", f"--reuid=hulei-{role}", f"--regid=hulei-{role}", "--clear-groups",
                             BIN, role, "--config", CONFIG], stdout=log, stderr=log)


def stop(process, how=signal.SIGTERM):
    process.send_signal(how)
    process.wait(20)


def review(user, *arguments):
    command = [BIN, "review", *arguments, "--json", "--config", CONFIG]
    if user != "root":
        command = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *command]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.stdout else {"ok": False, "error": done.stderr}


def read_topic(post, topic):
    done = subprocess.run(["kcat", "-F", f"{RUN}/secrets/post-{post}.kcat", "-C", "-t", topic, "-e", "-q", "-o", "beginning",
                           "-f", "%k\t%s\n"], capture_output=True, text=True, check=False)
    return [line.split("\t", 1) for line in done.stdout.splitlines()]


def answer(post, *messages):
    text = "".join((m if isinstance(m, str) else json.dumps(m)) + "\n" for m in messages)
    subprocess.run(["kcat", "-F", f"{RUN}/secrets/post-{post}.kcat", "-P", "-t", f"hulei.ack.{post}", "-p", "0"],
                   input=text, text=True, check=True)


def wait_for(what, question, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if question():
            return True
        time.sleep(0.2)
    check(what, False, f"not within {seconds} s")
    return False


def put_pairs(first, count):
    evidence = json.dumps({
        "areas": ["500111004201"], "views": ["police", "judicial"], "child_age_years": 11, "vulnerable": True,
        "class": "A", "relation": "near", "band_m": 200, "precision": "building", "certainty": "likely",
        "severity": "severe", "category": "sexoff_minor", "held": False})
    sql(f"""
INSERT INTO person (person_id, grade, created_at, updated_at) SELECT g, 'strong', now(), now()
FROM generate_series({BASE + first}, {BASE + first + 2 * count - 1}) g ON CONFLICT DO NOTHING;
SELECT count(pair_put({BASE + first} + 2 * g, {BASE + first} + 2 * g + 1, 2::smallint, 'O1', ARRAY['NEAR_200M'],
                      '{evidence}'::jsonb, decode(md5('t' || g + {first}), 'hex'), 'test', now()))
FROM generate_series(0, {count - 1}) g;""")


def tasks_of_test():
    return [row[0] for row in sql(f"""
SELECT t.public_id FROM review_task t JOIN pair p USING (pair_id)
WHERE t.state = 'open' AND p.child_person >= {BASE} ORDER BY t.task_id""")]


def deliveries(post, where="true"):
    return number(f"""SELECT count(*) FROM delivery d JOIN alert a USING (alert_id) JOIN pair p USING (pair_id)
                      WHERE p.child_person >= {BASE} AND d.post_id = '{post}' AND {where}""")


def test_reviewers(tasks):
    listed = review("hulei-rev1", "list")
    check("a reviewer sees the tasks", listed["ok"] and {t["task"] for t in listed["tasks"]} >= set(tasks[:5]), listed)
    check("root is nobody", review("root", "list")["error"] == "denied")
    check("an OS user without account is nobody", review("hulei-auditor", "list")["error"] == "denied")
    check("a stale version is refused",
          review("hulei-rev1", "accept", tasks[0], "--version", "999")["error"] == "version_conflict")
    shown = review("hulei-rev1", "show", tasks[0])
    check("the sheet is shown", shown["ok"] and shown["rule"] == "O1", shown)
    check("the look is in the audit chain",
          number("SELECT count(*) FROM audit_entry WHERE action = 'review_look' AND detail->>'pair' = "
                 f"'{shown['pair']}' AND actor = (SELECT name FROM account WHERE os_user = 'hulei-rev1')") == 1)
    rejected = review("hulei-rev2", "reject", tasks[0], "--reason", "REJECT_NOT_NEAR")
    check("a rejection closes the pair", rejected["ok"] and rejected["state"] == "rejected", rejected)
    check("a decided task stays decided", review("hulei-rev1", "accept", tasks[0])["error"] == "task_closed")


def test_undo(task):
    sql("UPDATE setting SET value = '60' WHERE name = 'undo_window_s'")
    check("accepted", review("hulei-rev1", "accept", task)["ok"])
    undone = review("hulei-rev1", "undo", task)
    check("undone within its window", undone["ok"] and undone["state"] == "in_review", undone)
    check("and nothing is left to send", number(f"""SELECT count(*) FROM outbox o JOIN alert a USING (alert_id)
        JOIN pair p USING (pair_id) WHERE p.child_person >= {BASE}""") == 0)
    sql("UPDATE setting SET value = '0' WHERE name = 'undo_window_s'")


def test_delivery(tasks, courier):
    """Accepts everything while the courier is killed again and again."""
    for i, task in enumerate(tasks):
        accepted = review(f"hulei-rev{1 + i % 2}", "accept", task)
        if not accepted["ok"]:
            check("accept", False, accepted)
        if i % 20 == 19:
            stop(courier, signal.SIGKILL)
            courier = start("courier")
    wait_for("all alerts are sent", lambda: deliveries(POLICE, "sent_at IS NOT NULL") == len(tasks), 60)
    check("police post", deliveries(POLICE, "d.state = 'sent'") == len(tasks))
    check("judicial post", deliveries(JUDICIAL, "d.state = 'sent'") == len(tasks))
    return courier


def events_on(post, kind):
    """(key, event) of one CloudEvents type on a post's topic."""
    found = [(key, json.loads(text)) for key, text in read_topic(post, f"hulei.alert.{post}")]
    return [(key, event) for key, event in found if event["type"] == kind]


def alerts_on(post):
    known = {row[0] for row in sql(f"""SELECT a.alert_id FROM alert a JOIN pair p USING (pair_id)
                                       WHERE p.child_person >= {BASE}""")}
    return [(key, event) for key, event in events_on(post, "hulei.alert.v1") if event["subject"] in known]


def test_messages(tasks):
    police, judicial = alerts_on(POLICE), alerts_on(JUDICIAL)
    ids = {event["id"] for _, event in police}
    check("each alert once by its id", len(ids) == len(tasks), (len(police), len(ids)))
    check("the key is the series", all(key == event["data"]["dedup"] for key, event in police))
    data = police[0][1]["data"]
    check("police sees vulnerability and band", data["child"]["vuln"] == 1 and data["rel"]["band"] == "0-200m", data)
    check("judicial does not see vulnerability", all("vuln" not in e["data"]["child"] for _, e in judicial))
    check("two posts cannot join their lists", not {e["data"]["risk"]["p"] for _, e in police}
          & {e["data"]["risk"]["p"] for _, e in judicial})
    check("no category leaves", "sexoff" not in json.dumps([e for _, e in police + judicial]))
    check("a post cannot read another's topic", read_topic(JUDICIAL, f"hulei.alert.{POLICE}") == [])
    return sorted({event["subject"] for _, event in police})


def test_answers(alerts):
    before = {row[0]: int(row[1]) for row in sql("SELECT verdict, count(*) FROM ack GROUP BY verdict")}
    answer(POLICE,
           {"alert": alerts[0], "post": POLICE, "who": "u-7", "at": "2026-03-02T08:15:04+08:00", "state": "acked"},
           {"alert": alerts[0], "post": POLICE, "state": "acked"},
           {"alert": alerts[0], "post": POLICE, "state": "closed", "outcome_code": "done"},
           {"alert": alerts[1], "post": JUDICIAL, "state": "acked"},
           {"alert": "al-" + "0" * 32, "post": POLICE, "state": "acked"},
           "this is no answer", '{"alert":"x","alert":"y"}', "[" * 5000)
    answer(JUDICIAL, {"alert": alerts[1], "post": JUDICIAL, "state": "acting"})
    total = sum(before.values()) + 9
    wait_for("all answers are read", lambda: number("SELECT count(*) FROM ack") == total)
    after = {row[0]: int(row[1]) - before.get(row[0], 0) for row in sql("SELECT verdict, count(*) FROM ack GROUP BY verdict")}
    after = {verdict: count for verdict, count in after.items() if count}
    check("verdicts", after == {"accepted": 3, "repeated": 1, "foreign": 1, "unknown": 1, "invalid": 3}, after)
    check("the delivery is closed with its outcome", sql(f"""SELECT state, outcome_code FROM delivery
        WHERE alert_id = '{alerts[0]}' AND post_id = '{POLICE}'""") == [["closed", "done"]])
    wait_for("what was not accepted is answered", lambda: number(
        "SELECT count(*) FROM outbox WHERE headers IS NOT NULL AND state = 'queued' AND kind = 'receipt'") == 0)
    told = [event["data"] for _, event in events_on(POLICE, "hulei.answer.v1")][-6:]
    check("on the topic of the post that wrote it", sorted(data["verdict"] for data in told)
          == ["foreign", "invalid", "invalid", "invalid", "repeated", "unknown"], told)
    check("the other one is being acted on", sql(f"""SELECT state FROM delivery
        WHERE alert_id = '{alerts[1]}' AND post_id = '{JUDICIAL}'""") == [["acting"]])


def metric(name):
    """A figure of the courier as it is scraped now; None when it is not there."""
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(os.path.join(RUN, "courier/metrics.sock"))
        server.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        text = b"".join(iter(lambda: server.recv(65536), b"")).decode()
    return next((float(line.rpartition(" ")[2]) for line in text.splitlines() if line.rpartition(" ")[0] == name), None)


def test_wrong_person(alert):
    """A post finds the wrong person: the pair is reviewed again, a `cannot` goes to the lead."""
    pair = number(f"SELECT pair_id FROM alert WHERE alert_id = '{alert}'")
    answer(JUDICIAL, {"alert": alert, "post": JUDICIAL, "state": "cannot", "outcome_code": "referred"})
    wait_for("what cannot be done goes to the lead", lambda: number(f"""SELECT count(*) FROM delivery
        WHERE alert_id = '{alert}' AND post_id = 'sfj-dz' AND sent_at IS NOT NULL""") == 1)
    answer(POLICE, {"alert": alert, "post": POLICE, "state": "closed", "outcome_code": "wrong_person"})
    wait_for("the wrong person is reviewed again",
             lambda: sql(f"SELECT state FROM pair WHERE pair_id = {pair}") == [["in_review"]])
    wait_for("and counts as a false link", lambda: metric("hulei_courier_links_wrong") == 1 and metric("hulei_courier_links_checked") >= 1)
    check("with the bound of its share", 0 < metric("hulei_courier_false_link_upper_ratio") <= 1)
    for name, count in (("delivered", "sent_at IS NOT NULL"), ("unacknowledged", "state = 'sent'"), ("gave_up", "state = 'gave_up'"),
                        ("escalated", "escalated_at IS NOT NULL"), ("queued", "state = 'queued'")):
        wait_for(f"the post's figure {name}", lambda: metric(f'hulei_post_{name}{{post="{POLICE}"}}')
                 == number(f"SELECT count(*) FROM delivery WHERE post_id = '{POLICE}' AND {count}"))
    check("and the age of the oldest", metric(f'hulei_post_oldest_unacknowledged_seconds{{post="{POLICE}"}}') >= 0)
    task = sql(f"SELECT public_id FROM review_task WHERE pair_id = {pair} AND state = 'open'")[0][0]
    rejected = review("hulei-rev1", "reject", task, "--reason", "REJECT_NOT_SAME_PERSON")
    check("its task is there for a reviewer", rejected["ok"], rejected)
    wait_for("and all posts hear of it", lambda: number(f"""SELECT count(*) FROM alert a JOIN delivery d USING (alert_id)
        WHERE a.pair_id = {pair} AND a.msg = 'cancel' AND d.sent_at IS NOT NULL""") == 3)


def test_escalation(courier, answered):
    waiting = deliveries(POLICE, "d.state = 'sent' AND a.msg = 'alert'")
    ago = "interval '30 days'"
    sql(f"""UPDATE delivery d SET sent_at = sent_at - {ago}, ack_by = ack_by - {ago}, repeated_at = clock_timestamp(), next_at = NULL
            FROM alert a JOIN pair p USING (pair_id)
            WHERE a.alert_id = d.alert_id AND p.child_person >= {BASE} AND d.post_id = '{POLICE}' AND a.msg = 'alert'""")
    wait_for("escalations begin", lambda: deliveries(LEAD) > 0)
    stop(courier, signal.SIGKILL)
    courier = start("courier")
    wait_for("every unanswered one reaches the lead", lambda: deliveries(LEAD, "sent_at IS NOT NULL") == waiting, 60)
    time.sleep(3)
    check("each once", number(f"""SELECT count(*) FROM escalation e JOIN alert a USING (alert_id)
        JOIN pair p USING (pair_id) WHERE p.child_person >= {BASE} AND e.step = 1""") == waiting)
    check("the answered one does not", answered[0] not in {e["subject"] for _, e in alerts_on(LEAD)})
    late = next(e["subject"] for _, e in alerts_on(LEAD) if e["subject"] not in answered)
    answer(POLICE, {"alert": late, "post": POLICE, "state": "acked"})
    wait_for("a late answer counts", lambda: sql(f"""SELECT d.state, k.verdict FROM delivery d JOIN ack k USING (alert_id, post_id)
        WHERE d.alert_id = '{late}' AND d.post_id = '{POLICE}'""") == [["acked", "late"]])
    return courier


def test_late_commit(pair, task):
    """A transaction that took its ids first and commits last: its message goes out all the same, after the others."""
    engine = subprocess.Popen(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-U", "postgres"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    engine.stdin.write(f"""SET SESSION AUTHORIZATION hulei_engine; SET search_path = hulei; BEGIN;
        SELECT e.state FROM pair p, pair_event(p.pair_id, p.version, 'retract', 'engine', '{{}}') AS e WHERE p.pair_id = {pair};\n""")
    engine.stdin.flush()
    check("a long transaction has its ids", engine.stdout.readline() == "retracted\n")
    check("a reviewer decides meanwhile", review("hulei-rev2", "accept", task)["ok"])
    later = f"(SELECT pair_id FROM review_task WHERE public_id = '{task}')"
    wait_for("what has the later ids is sent", lambda: deliveries(POLICE, f"d.sent_at IS NOT NULL AND a.pair_id = {later}") == 1)
    engine.communicate("COMMIT;\n")
    earlier = f"a.pair_id = {pair} AND a.msg = 'cancel'"
    wait_for("then what has the earlier ones", lambda: deliveries(POLICE, "d.sent_at IS NOT NULL AND " + earlier) == 1)
    check("they were the earlier ones", number(f"SELECT max(outbox_id) FROM outbox JOIN alert a USING (alert_id) WHERE {earlier}")
          < number(f"SELECT min(outbox_id) FROM outbox JOIN alert a USING (alert_id) WHERE a.pair_id = {later}"))


def test_two_relays(task):
    """Two couriers, and the first record of a series fails: the second does not overtake it, and neither is there twice."""
    topic = f"hulei.alert.{JUDICIAL}"
    pair = number(f"SELECT pair_id FROM review_task WHERE public_id = '{task}'")
    second = start("courier")
    kafka_admin.deny_writing("courier", topic)
    try:
        check("accepted", review("hulei-rev1", "accept", task)["ok"])
        wait_for("the first record fails", lambda: number(f"""SELECT count(*) FROM outbox JOIN alert USING (alert_id)
            WHERE pair_id = {pair} AND topic = '{topic}' AND state = 'queued' AND attempts > 1""") == 1)
        sql(f"""SELECT pair_put(child_person, risk_person, tier, rule, '{{NEAR_100M}}', evidence, decode(md5('nearer'), 'hex'), 'test', now())
                FROM pair WHERE pair_id = {pair}""")
        again = sql(f"SELECT public_id FROM review_task WHERE pair_id = {pair} AND state = 'open'")[0][0]
        check("an update is accepted", review("hulei-rev1", "accept", again)["ok"])
        wait_for("which the other post has", lambda: number(f"""SELECT count(*) FROM delivery JOIN alert USING (alert_id)
            WHERE pair_id = {pair} AND post_id = '{POLICE}' AND sent_at IS NOT NULL""") == 2)
    finally:
        kafka_admin.allow_writing_again("courier", topic)
    wait_for("both go once they may", lambda: number(f"""SELECT count(*) FROM outbox JOIN alert USING (alert_id)
        WHERE pair_id = {pair} AND topic = '{topic}' AND state = 'sent'""") == 2, 45)
    for post in (POLICE, JUDICIAL):
        wanted = sql(f"SELECT alert_id || '/{post}' FROM alert WHERE pair_id = {pair} ORDER BY created_at")
        known = {row[0] for row in wanted}
        told = [event["id"] for _, event in events_on(post, "hulei.alert.v1") if event["id"] in known]
        check(f"{post}: in order, each once", told == [row[0] for row in wanted], told)
    stop(second)
    return pair


def test_withdrawal(alert):
    pair, version = sql(f"SELECT p.pair_id, p.version FROM pair p JOIN alert a USING (pair_id) WHERE a.alert_id = '{alert}'")[0]
    sql(f"SELECT pair_event({pair}, {version}, 'retract', 'engine', '{{}}')")

    def cancels():
        return [e for _, e in events_on(POLICE, "hulei.alert.v1")
                if e["data"]["msg"] == "cancel" and alert in e["data"]["refs"]]
    wait_for("a withdrawn pair is cancelled", cancels)
    check("the cancel keeps the series", len({e["data"]["dedup"] for e in cancels()}) == 1)


def main():
    stack.reset()
    undo_window = sql("SELECT value FROM setting WHERE name = 'undo_window_s'")[0][0]
    put_pairs(number(f"SELECT coalesce(max(person_id) - {BASE} + 1, 0) FROM person WHERE person_id >= {BASE}"), PAIRS + 1)
    console = start("console")
    courier = None
    try:
        wait_for("the console listens", lambda: review("hulei-rev1", "list").get("ok"), 20)
        courier = start("courier")
        wait_for("the courier knows the posts", lambda: number("SELECT count(*) FROM post WHERE active") > 0, 20)
        tasks = tasks_of_test()
        test_reviewers(tasks)
        test_undo(tasks[1])
        tasks = tasks_of_test()  # the undone one came back as a new task
        spare = [tasks.pop(), tasks.pop()]
        courier = test_delivery(tasks, courier)
        alerts = test_messages(tasks)
        test_answers(alerts)
        test_wrong_person(alerts[3])
        courier = test_escalation(courier, alerts[:2])
        test_withdrawal(alerts[2])
        test_late_commit(test_two_relays(spare[0]), spare[1])
        check("the audit chain is sound", sql("SELECT * FROM audit_verify()") == [])
    finally:
        for process in (console, courier):
            if process is not None and process.poll() is None:
                stop(process)
        sql(f"UPDATE setting SET value = '{undo_window}' WHERE name = 'undo_window_s'")
    print(f"{failures} failed", flush=True)
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
