#!/usr/bin/env python3
"""Red goes out on one person's word: another signs or refuses; silence is told to the office and withdraws nothing. Two
reviewers at once, an owner to be asked, and a pair whose review is due again: with a clock that is moved."""
from stack import *  # noqa: F403

HOME = "重庆市大足区双路街道双南路社区双南路{}号2单元301室"
POST = "pcs-500111004"
ONE, OTHER = "hulei-rev1", "hulei-rev2"


def meet(serial):
    """A child and a man of class A at one address: a red pair in review; its task, once nothing can change it any more."""
    address = HOME.format(10 + serial)
    before = counted()
    push_raw([raw(CHILDREN, "child", f"c-{serial}", NOW, child("罗小蕾", "2015-06-01", serial * 2, address), f"c{serial}"),
              raw(CORRECTIONS, "risk", f"r-{serial}", NOW, risk("尹某甲", "1980-03-04", serial * 2 + 1, address),
                  f"r{serial}")])
    await_counted(before + 2)
    await_rest()
    return wait_until(lambda: open_task("pair"), 20, "a review task")


def open_task(kind):
    return value(f"SELECT public_id FROM review_task WHERE state = 'open' AND kind = '{kind}' ORDER BY task_id DESC LIMIT 1")


def messages():
    """What the station was sent of the newest pair: kind of message and whether it is provisional, as the rows say."""
    return sql(f"""SELECT a.msg, a.provisional FROM outbox o JOIN alert a USING (alert_id)
                   WHERE a.pair_id = (SELECT max(pair_id) FROM pair WHERE rule = 'R1') AND o.post_id = '{POST}' AND o.state = 'sent'
                     AND o.repeat = 0
                   ORDER BY o.seq""")


def await_messages(*wanted):
    wait_until(lambda: messages() == [list(row) for row in wanted], 20, f"messages {wanted}")


def move_clock(span):
    sql(f"""INSERT INTO setting VALUES ('clock_shift', '{span}')
            ON CONFLICT (name) DO UPDATE SET value = (setting.value::interval + '{span}')::text""")


def accepted():
    task = meet(number("SELECT count(*) FROM pair") + 1)
    check(review(ONE, "accept", task)["ok"], "accept")
    await_messages(("alert", "t"))
    return task, open_task("sign")


def signed(ends):
    task, signature = accepted()
    listed = {row["task"]: row for row in review(OTHER, "list")["tasks"]}
    check(listed[signature]["kind"] == "sign" and listed[signature]["clock"].startswith("3 h"), f"list: {listed}")
    check("罗小蕾" in json.dumps(review(OTHER, "show", signature), ensure_ascii=False), "the sheet of a signature")
    same(review(ONE, "sign", signature)["error"], "same_person", "signing one's own word")
    same(review(OTHER, "accept", signature)["error"], "sign_or_refuse", "accepting what waits for a signature")
    late = review(OTHER, "accept", task)
    same((late["error"], late["by"], late["event"]), ("task_closed", "rev1", "accept"), "who was faster")
    same(review(OTHER, "sign", signature)["state"], "accepted", "another signs")
    await_messages(("alert", "t"), ("update", "f"))
    first, second = [json.loads(message["payload"])["data"] for message in alerts_of(POST, ends)]
    check(first.get("provisional") is True and not second.get("provisional"), "what the station reads")
    same(second["refs"], [json.loads(alerts_of(POST, ends)[0]["payload"])["subject"]], "what is signed")


def explained():
    """The signed pair, as an operator reads it: codes and words, no value of a record."""
    pair = value("SELECT public_id FROM pair ORDER BY pair_id DESC LIMIT 1")
    command = ["runuser", "-u", "hulei-engine", "--", BIN, "explain", "--config", CONFIG, "pair", pair]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    same(done.returncode, 0, f"explain pair: {done.stderr}")
    for wanted in ("rule R1: a person of class A lives in the child's dwelling", "SAME_DWELLING", "sign ", "SIGN_CONFIRMED",
                   "by rev2", "ID_STRONG_BOTH", "policy "):
        check(wanted in done.stdout, f"explain pair says {wanted}: {done.stdout}")
    for secret in ("罗小蕾", "尹某甲", "双南路", "2015-06-01", "1980-03-04"):
        check(secret not in done.stdout + done.stderr, "explain pair shows a value of a record")
    object = json.loads(subprocess.run(command + ["--json"], capture_output=True, text=True, check=True, cwd="/").stdout)
    same((object["tier"], object["rule"], [step["event"] for step in object["events"]]),
         (1, "R1", ["open", "accept", "sign"]), "explain pair as JSON")
    check(subprocess.run(command[:-1] + ["pr-none"], capture_output=True, check=False, cwd="/").returncode == 1, "no such pair")
    same(number("SELECT count(*) FROM audit_entry WHERE action = 'pair_explain'"), 2, "looks on record")


def refused_after_silence():
    task, signature = accepted()
    move_clock("4 hours 1 minute")
    wait_until(lambda: value(f"SELECT target FROM review_escalation e JOIN review_task t USING (task_id) "
                             f"WHERE t.public_id = '{signature}'") == "office", 20, "the office is told")
    same(number("""SELECT count(*) FROM escalation e JOIN post t ON t.post_id = e.to_post
                   JOIN delivery d ON d.alert_id = e.alert_id AND d.post_id = e.to_post
                   WHERE e.step > 100 AND view = 'office'"""), 1, "the alert handed to the office")
    same(number("SELECT count(*) FROM alert WHERE msg = 'cancel'"), 0, "silence withdraws nothing")
    same(review(OTHER, "refuse", signature, "--reason", "SIGN_NOT_NEAR")["state"], "rejected", "another refuses")
    wait_until(lambda: messages()[-1] == ["cancel", "f"], 20, "the cancel")
    same(number("""SELECT count(*) FROM delivery d JOIN alert a USING (alert_id)
                   WHERE a.pair_id = (SELECT max(pair_id) FROM pair WHERE rule = 'R1') AND a.msg = 'alert' AND d.state <> 'gave_up'
                     AND NOT EXISTS (SELECT FROM delivery c JOIN alert x USING (alert_id)
                                     WHERE x.msg = 'cancel' AND c.post_id = d.post_id AND x.pair_id = a.pair_id)"""),
         0, "receivers without a cancel")


def waited_and_asked_again():
    task = meet(number("SELECT count(*) FROM pair") + 1)
    version = review(ONE, "show", task)["version"]
    same(review(ONE, "unsure", task)["state"], "in_review", "unsure")
    stale = review(OTHER, "reject", task, "--reason", "REJECT_NO_BASIS", "--version", str(version))
    same((stale["error"], stale["by"], stale["event"]), ("version_conflict", "rev1", "unsure"), "an old look")
    same(review(OTHER, "needs-info", task, "--reason", "NEEDS_OWNER")["state"], "needs_info", "the owner is asked")
    same(review(OTHER, "undo", task)["state"], "in_review", "undone")
    task = open_task("pair")
    same(review(OTHER, "accept", task)["state"], "accepted", "accepted")
    await_messages(("alert", "t"))
    same(review(ONE, "sign", open_task("sign"))["state"], "accepted", "signed")
    await_messages(("alert", "t"), ("update", "f"))
    move_clock("30 days")
    wait_until(lambda: "REREVIEW" in [row.get("note") for row in review(ONE, "list")["tasks"]], 20,
               "the review that is due again, and why")
    await_messages(("alert", "t"), ("update", "f"))


def proof():
    reset()
    sql("UPDATE setting SET value = '3' WHERE name = 'undo_window_s'")
    ends = log_ends({f"hulei.alert.{POST}"})
    start_engine()
    Role("courier").await_log("feeds_assigned")
    Role("console").await_log("console_ready")
    signed(ends)
    explained()
    refused_after_silence()
    waited_and_asked_again()
    same(sql("SELECT * FROM audit_verify()"), [], "faults of the audit chain")
    return f"{number('SELECT count(*) FROM decision')} decisions, {number('SELECT count(*) FROM review_escalation')} steps"


if __name__ == "__main__":
    main(proof)
