#!/usr/bin/env python3
"""A seal that comes after the alert (DOMAIN.md C.2): a person of concern was matched, accepted, told to posts and read. Once
the seal is in, every post hears the cancel and says that it deleted, a copy sent again is dropped, the record's key is gone,
and a search through tables, database files, logs, topics, metrics and the engine's memory finds nothing of the person in
any encoding; values planted for the search, and a neighbour who is not sealed, are found."""
import random

import process_memory
from test_canary import *  # noqa: F403

HOUSE = STREET + "7号1单元101室"
WHO, NEIGHBOUR = canary.plant(), canary.plant()
HOUR = 3600
KINDS = ("number", "phone", "name")


DICE = random.SystemRandom()


def of_concern(values):
    """A person nobody else resembles, in no earlier run either; the address is the child's, who stays."""
    if "born" not in values:
        values["born"] = [f"{DICE.randrange(1960, 1990)}-{DICE.randrange(1, 13):02d}-{DICE.randrange(1, 29):02d}"]
        values["serial"] = [2 * DICE.randrange(500) + 1]
    person = risk(values["name"][0], values["born"][0], values["serial"][0], HOUSE)
    values["number"] = [person["person"]["id_number"]]
    return person


def with_phone(data, values):
    data["person"]["phones"] = [values["phone"][0]]
    return data


def send(subject, event, minute, data, kind="risk"):
    push_raw([raw(CORRECTIONS, kind, subject, f"2026-11-20T08:{minute:02d}:00+08:00", data, event)])


def answer(post, alert, **more):
    produce("post-" + post, f"hulei.ack.{post}", alert,
            json.dumps(dict({"alert": alert, "post": post, "who": "u-1", "at": NOW, "state": "acked"}, **more)).encode())


def delivered(msg):
    """(post, alert, state) of what was sent about the pair of the sealed person."""
    return [tuple(row) for row in sql(f"""SELECT d.post_id, d.alert_id, d.state FROM delivery d JOIN alert a USING (alert_id)
                                          WHERE a.msg = '{msg}' AND d.sent_at IS NOT NULL ORDER BY 1""")]


def told_and_read():
    push_raw([raw(CHILDREN, "child", "c-1", "2026-11-20T08:00:00+08:00", child("罗小蕾", "2015-06-01", 8, HOUSE), "c-1")])
    who = with_phone(of_concern(WHO), WHO)
    send("r-late", "s-1", 1, dict(who, case_ref="（2018）1号"))
    send("r-late", "s-2", 2, who)
    send("r-late", "s-3", 3, dict(who, category="pirate"))  # a refused copy lies in quarantine
    send("r-next", "n-1", 1, with_phone(of_concern(NEIGHBOUR), NEIGHBOUR))
    await_counted(5)
    await_rest()
    (task,), = sql("""SELECT t.public_id FROM review_task t JOIN pair p USING (pair_id) JOIN mention m ON m.person_id = p.risk_person
                      JOIN record r USING (record_id) WHERE r.subject = 'r-late' AND t.state = 'open' AND t.kind = 'pair'""")
    check(review("hulei-rev1", "show", task)["ok"], "a sheet is shown")
    check(review("hulei-rev1", "accept", task)["ok"], "accepted")
    wait_until(lambda: len(delivered("alert")) >= 2, 30, "alerts sent")
    told = delivered("alert")
    for post, alert, _ in told:
        answer(post, alert)
    wait_until(lambda: {row[2] for row in delivered("alert")} == {"acked"}, 20, "every post read it")
    return {row[0] for row in told}


def sealed(told, key):
    """What must be over within the hour takes seconds."""
    began = time.monotonic()
    send("seal-r-late", "s-4", 4, {"record": {"type": "risk", "subject": "r-late"}, "effective": "2026-11-20",
                                   "document": "（2026）封字1号"}, kind="seal")
    wait_until(lambda: number("SELECT count(*) FROM record WHERE subject = 'r-late'") == 0, 30, "the record is gone")
    wait_until(lambda: {row[0] for row in delivered("cancel")} == told, 30, "every post hears the cancel")
    for post, alert, _ in delivered("cancel"):
        answer(post, alert, state="closed", outcome_code="done")
    wait_until(lambda: {row[2] for row in delivered("cancel")} == {"closed"}, 20, "every post says that it deleted")
    wait_until(lambda: sql("SELECT 1 FROM feed_erasure HAVING count(*) > 0 AND bool_and(erased_to >= before_off)"), 30,
               "Kafka deleted its copy")
    seconds = time.monotonic() - began
    check(seconds < HOUR, "within the hour")
    send("r-late", "s-5", 6, dict(with_phone(of_concern(WHO), WHO), case_ref="（2018）2号"))
    await_counted(7)
    same([row[2:4] for row in stored_receipts() if row[1] == "s-5"], [("refused", "sealed")], "a copy sent again is dropped")
    same(number(f"SELECT count(*) FROM data_key WHERE data_key_id IN ({key})"), 0, "keys of the record and its refused copy")
    same(number("SELECT count(*) FROM parked WHERE body IS NOT NULL"), 0, "refused copies")
    return seconds


def feed_texts():
    """What a reader of the feed still gets: the sealed messages, nothing before them."""
    beginning = dict.fromkeys(log_ends({CORRECTIONS}), "beginning")
    return "\n".join(message["payload"] or "" for message in consume("admin", CORRECTIONS, beginning)).encode()


def engine_memory(folder):
    path = os.path.join(folder, "memory-engine")
    pid = next(role.pid for role in Role.started if role.role == "engine" and role.is_running())
    check(process_memory.dump(pid, path) > 1 << 20, "memory of the engine")
    return path


def proof():
    reset()
    sql("DROP TABLE IF EXISTS public.canary_control")
    engine = start_engine()
    Role("courier").await_log("feeds_assigned")
    Role("console").await_log("console_ready")
    told = told_and_read()
    key = value("""SELECT string_agg(data_key_id::text, ',') FROM (SELECT data_key_id FROM record WHERE subject = 'r-late'
                   UNION SELECT data_key_id FROM parked) AS k""")
    seconds = sealed(told, key)
    feed = feed_texts()
    check(not [kind for kind in KINDS if WHO[kind][0].encode() in feed], "the feed's copy")
    with tempfile.TemporaryDirectory() as folder:
        secret = {kind: WHO[kind] for kind in KINDS}
        megabytes, files = search(secret, folder)
        engine.stop()
        start_engine()  # the index made anew knows nothing either; a working buffer is overwritten by the next batch
        hits = canary.Search(secret, {}).run([engine_memory(folder)])
        same(sorted(hits), [], "in the engine's memory")
    return f"{len(told)} posts, sealed and deleted in {seconds:.1f} s; searched {megabytes} MB of {files} files"


if __name__ == "__main__":
    main(proof)
