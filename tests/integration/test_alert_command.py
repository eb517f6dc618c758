#!/usr/bin/env python3
"""`hulei alert`: a named reviewer sees where alerts stand, sends one again, holds some back and takes one back."""
import json
import subprocess

from emergency import report
from stack import *  # noqa: F403

PERSON, POST = 720_000_000, "pcs-500111004"


def alert(user, *words):
    done = subprocess.run(["runuser", "-u", user, "--", BIN, "alert", *words, "--json", "--config", CONFIG],
                          capture_output=True, text=True, check=False, cwd="/")
    return json.loads(done.stdout) if done.stdout else {"ok": False, "error": done.stderr}


def put_alert(n):
    evidence = json.dumps({"areas": ["500111004201"], "child_area": "500111004201", "risk_area": "500111004201",
                           "views": ["police"], "child_age_years": 11, "class": "A", "relation": "near", "held": False})
    low = PERSON + 2 * n
    sql(f"""INSERT INTO person (person_id, grade, created_at, updated_at) SELECT g, 'strong', now(), now() FROM generate_series({low}, {low + 1}) g;
            SELECT pair_put({low}, {low + 1}, 2::smallint, 'O1', '{{NEAR_200M}}', '{evidence}', decode(md5('a{n}'), 'hex'), 'test', now());
            SELECT pair_event(p.pair_id, p.version, 'accept', 'rev1', jsonb_build_object('task_id', t.task_id,
                     'account_id', (SELECT account_id FROM account WHERE os_user = 'hulei-rev1'), 'reason_code', 'TEST'))
            FROM review_task t JOIN pair p USING (pair_id) WHERE t.state = 'open' AND t.kind = 'pair';""")
    return value(f"SELECT alert_id FROM alert a JOIN pair p USING (pair_id) WHERE p.child_person = {low}")


def on_topic(ends, alert_id):
    return [json.loads(m["payload"]) for m in alerts_of(POST, ends) if json.loads(m["payload"])["subject"] == alert_id]


def proof():
    reset()
    ends = log_ends({f"hulei.alert.{POST}"})
    sql("UPDATE setting SET value = '0' WHERE name = 'undo_window_s'")
    courier, console = Role("courier"), Role("console")
    wait_until(lambda: number("SELECT count(*) FROM post WHERE active") > 0, 20, "posts")
    wait_until(lambda: alert("hulei-rev1", "list")["ok"], 20, "the console listens")
    for user in ("root", "hulei-auditor"):
        same(alert(user, "list").get("error"), "denied", f"what {user} may see")
    first = put_alert(0)
    wait_until(lambda: number("SELECT count(*) FROM delivery WHERE state = 'sent'") > 0, 15, "sent")
    shown = alert("hulei-rev1", "show", first)
    same([d["state"] for d in shown["result"]["deliveries"] if d["post"] == POST], ["sent"], "where it stands")
    check("person" not in json.dumps(shown) and str(PERSON) not in json.dumps(shown), "no person in it")
    check(alert("hulei-rev1", "resend", first, "--post", POST)["ok"], "sent again")
    wait_until(lambda: {e["id"] for e in on_topic(ends, first)} == {f"{first}/{POST}", f"{first}/{POST}/1"}, 15, "as a reminder")
    same(alert("hulei-rev1", "resend", first, "--post", "zfw-dz").get("error"), "impossible", "to a post that was not told")

    same(alert("hulei-rev1", "silence", "--rule", "O1", "--days", "91", "--reason", "SILENCE_DATA_FAULT")["ok"], False, "91 days")
    silence = alert("hulei-rev1", "silence", "--rule", "O1", "--days", "90", "--reason", "SILENCE_DATA_FAULT")
    check(silence["ok"], "90 days")
    second = put_alert(1)
    wait_until(lambda: number(f"SELECT count(*) FROM outbox WHERE alert_id = '{second}' AND state = 'muted'") > 0, 15, "held back")
    same(on_topic(ends, second), [], "messages while it lasts")
    check(alert("hulei-rev2", "unsilence", str(silence["result"]["silence"]))["ok"], "ended by another reviewer")
    wait_until(lambda: on_topic(ends, second), 15, "then it goes")

    check(alert("hulei-rev1", "cancel", first, "--reason", "REJECT_NOT_NEAR")["ok"], "taken back")
    wait_until(lambda: any(first in json.loads(m["payload"])["data"]["refs"] for m in alerts_of(POST, ends)), 15, "the post hears")
    check(alert("hulei-rev1", "status", "exercise")["ok"], "an exercise begins")
    third = put_alert(2)
    exercise = wait_until(lambda: [json.loads(m["payload"]) for m in consume("post-" + POST, f"hulei.exercise.{POST}",
                                   log_starts(f"hulei.exercise.{POST}")) if json.loads(m["payload"])["subject"] == third], 15, "on its topic")
    same(exercise[0]["data"]["status"], "exercise", "its status")
    same(on_topic(ends, third), [], "nothing of it on the other topic")
    check(alert("hulei-rev1", "status", "actual")["ok"], "and ends")
    push_raw([report("n-1", child={"person": {"name": "苗小禾", "sex": "female", "birth_date": "2015-03-04"}})])
    told = wait_until(lambda: value("SELECT alert_id FROM alert WHERE is_emergency"), 15, "an emergency")
    same(alert("root", "notice", told).get("error"), "denied", "root may not say that guardians were told")
    given = alert("hulei-rev1", "notice", told)
    check(given["ok"], "a reviewer may")
    same(sql("SELECT a.name FROM emergency_notice n JOIN account a ON a.account_id = n.given_by"), [["rev1"]], "who said so")
    same(alert("hulei-rev1", "notice", given["result"]["emergency"]).get("error"), "impossible", "once")
    same(number("""SELECT count(DISTINCT action) FROM audit_entry WHERE lane = 'console' AND action IN ('alert_list', 'alert_look',
                   'alert_resend', 'alert_silence', 'alert_unsilence', 'alert_cancel', 'alert_status', 'notice_given')"""), 8, "kinds of audit entries")
    same(sql("SELECT * FROM audit_verify()"), [], "faults of the audit chain")
    courier.stop()
    console.stop()
    return "list, show, resend, silence, cancel and an exercise by named reviewers"


def log_starts(topic):
    return {(topic, 0): 0}


if __name__ == "__main__":
    main(proof)
