#!/usr/bin/env python3
"""Emergencies: told at once without review and without anything about a person of concern; the child's name only in the
part encrypted for the police post; nothing lost and nothing twice over a kill; bad messages parked; silence unknown."""
import os
import subprocess

from emergency import *  # noqa: F403
from message_schemas import hold, hold_event, hold_outbox
from stack import *  # noqa: F403

STATION, BARE = "pcs-500111004", "pcs-500111005"
GIRL, NURSE = "罗小蕾", "nurse-secret-4711"
TOPICS = {f"hulei.alert.{post}" for post in (STATION, BARE, "gaj-dz", "wlb-dz")}


def validate(events):
    for event in events:
        hold_event({key: member for key, member in event.items() if key != "append_ms"})
        check("risk" not in event["data"] and "rel" not in event["data"] and "review" not in event["data"],
              "no person of concern, no review")
        check(GIRL not in json.dumps(event, ensure_ascii=False), "no name outside the encrypted part")


def await_told(post, since, count):
    wait_until(lambda: len(told(post, since)) >= count, 30, f"{count} messages on the topic of {post}")
    events = told(post, since)
    same(len(events), count, f"messages on the topic of {post}")
    validate(events)
    return events


def status():
    text = value("SELECT detail FROM role_status WHERE role = 'courier'")
    return json.loads(text) if text else {}


def store_child():
    data = child(GIRL, "2015-03-04", 2, STREET + "1号")
    data["person"]["residence"][0]["area_code"] = "500111004201"
    push_raw([raw(CHILDREN, "child", "c-17", NOW, data, "ev-child")])
    engine = Role("engine")
    await_counted(1)
    engine.stop()


def an_alarm(ends):
    push_raw([sos("s-1", "c-17")])
    event = await_told(STATION, ends, 1)[0]
    data = event["data"]
    same((data["tier"], data["rule"]["id"], data["why"], data["child"]["age"], data["act"][0]),
         (1, "E1", ["SOS"], "10-13", "CASE_OPEN"), "what the police are told")
    kept = open_part(STATION, data["sealed"])
    same((kept["child"]["name"], kept["alert"], kept["post"]), (GIRL, event["subject"], STATION), "the encrypted part")
    same(kept["place"]["location"], {"lon": 105.71, "lat": 29.7, "crs": "GCJ02", "accuracy_m": 12}, "the one place")
    check(open_part(STATION, data["sealed"], key="gaj-dz") is None, "another post's key does not open it")
    length = len(base64.b64decode(data["sealed"]["cms"]))
    for at, what in ((length - 1, "seal"), (length - 25, "text")):
        check(open_part(STATION, tampered(data["sealed"], at)) is None, f"a changed {what} does not open")
    shown = structure(data["sealed"])
    for word in ("AuthEnvelopedData", "aes-256-gcm", "dhSinglePass-stdDH-sha256kdf"):
        check(word.lower() in shown.lower(), f"{word} in the structure")
    push_raw([sos("s-1", "c-17"), sos("s-1", "c-17", event="ev-again")])
    same(received(3), ["accepted", "unchanged", "unchanged"], "what became of alarm and repeats")
    same(number("SELECT count(*) FROM emergency"), 1, "one emergency")


def received(count, source=WATCHES[1]):
    wait_until(lambda: len([r for r in stored_receipts() if r[0] == source]) >= count, 20, f"{count} receipts")
    return [r[2] for r in stored_receipts() if r[0] == source]


def no_certificate(ends, courier):
    check("post_without_certificate" in courier.log() and "no_certificate" in courier.log(), "the alarm at start")
    wait_until(lambda: status().get("posts_without_certificate") == 1 and status()["alarm"], 10, "the alarm in the status")
    push_raw([sos("s-2", area_code="500111005001")])
    event = await_told(BARE, ends, 1)[0]
    same(event["data"]["sealed"], {"missing": "no_certificate"}, "the message goes, marked")


def nobody_knows_where(ends):
    push_raw([sos("s-3", "c-nobody")])
    event = await_told("gaj-dz", ends, 1)[0]
    check("name" not in open_part("gaj-dz", event["data"]["sealed"])["child"], "an unknown child has no name")
    await_told("wlb-dz", ends, 1)


def report_and_lodging(ends):
    before = len(told(STATION, ends))
    minor = {"person": {"name": GIRL, "birth_date": "2015-03-04", "sex": "female"}}
    man = {"person": {"name": "某甲", "sex": "male", "birth_date": "1980-01-01"}, "relation": "none"}
    push_raw([report("r-1", child=minor, reporter_ref=NURSE)])
    push_raw([lodging("l-1", minor=dict(minor, person=dict(minor["person"], birth_date="2009-03-04"))),
              lodging("l-1", event="ev-l-1b", condition="unconscious",
                      minor=dict(minor, person=dict(minor["person"], birth_date="2009-03-04"))),
              lodging("l-2", minor=minor, companions=[man]),
              lodging("l-3", minor=minor, companions=[dict(man, relation="parent")])])
    events = await_told(STATION, ends, before + 4)[before:]
    same(sorted(event["data"]["rule"]["id"] for event in events), ["E2", "E3", "E3", "L1"], "rules")
    yellow = [event for event in events if event["data"]["rule"]["id"] == "L1"][0]
    same((yellow["data"]["tier"], "sealed" in yellow["data"]), (3, False), "L1 is yellow and names nobody")
    check(open_part(STATION, [e for e in events if e["data"]["rule"]["id"] == "E2"][0]["data"]["sealed"])["child"]["name"]
          == GIRL, "the report names the child to the police")
    dump = subprocess.run(["pg_dump", "-h", os.path.join(RUN, "sock"), "-p", port(), "-U", "postgres", "--data-only", "hulei"],
                          capture_output=True, check=True).stdout
    check(b"COPY hulei.emergency " in dump, "the dump is whole")
    for secret in (NURSE, GIRL, "105.71"):
        check(secret.encode() not in dump and secret.encode().hex().encode() not in dump, "nothing plain in the database")
    same(number("SELECT count(*) FROM emergency WHERE reporter IS NOT NULL"), 1, "the reporter is kept, sealed")


def watches():
    push_raw([sos("hb-1", device="w-2", signal="heartbeat"), sos("hb-2", device="w-3", signal="heartbeat")])
    wait_until(lambda: number("SELECT count(*) FROM sos_device") == 3, 10, "three watches were heard")
    same(number("SELECT count(*) FROM emergency WHERE type = 13"), 3, "a sign of life is no emergency and keeps no place")
    wait_until(lambda: status()["emergencies"].get("watches_heard") == 3, 10, "three in the status")
    sql("UPDATE sos_device SET heard_at = clock() - interval '2 days' WHERE device_hash = (SELECT device_hash FROM sos_device LIMIT 1)")
    wait_until(lambda: status()["emergencies"].get("watches_unknown") == 1, 10, "a silent watch is unknown")


def bad_messages():
    parked = number("SELECT count(*) FROM parked")
    push_raw([raw(WATCHES[0], "sos", "s-bad", NOW, {"device_id": "w-1"}, "ev-bad", source=WATCHES[1]),
              raw(WATCHES[0], "child", "c-bad", NOW, {}, "ev-type", source=WATCHES[1]),
              raw(WATCHES[0], "sos", "s-1", NOW, None, "ev-withdrawn", source=WATCHES[1])])
    wait_until(lambda: number("SELECT count(*) FROM parked") == parked + 3, 10, "three messages are parked")
    same(sorted(row[0] for row in sql("SELECT code FROM parked WHERE topic LIKE 'hulei.emergency.%'")),
         ["missing_field", "not_withdrawn", "type_not_allowed"], "why")
    same(received(8)[-3:], ["refused"] * 3, "their receipts")


def on_an_ordinary_feed(ends):
    """FEEDS.md: what a department sends to the wrong topic is not lost, and the department hears of it."""
    topic, source = "hulei.feed.civil-affairs.children", "urn:hulei:500111004:civil-affairs:children"
    before = len(told(STATION, ends))
    parked = number("SELECT count(*) FROM parked")
    data = {"device_id": "w-9", "child_ref": "c-17", "raised": NOW}
    engine = Role("engine")
    push_raw([raw(topic, "sos", "s-astray", NOW, data, "ev-astray", source=source),
              raw(topic, "sos", "s-astray", NOW, data, "ev-astray", source=source),
              raw(topic, "sos", "s-broken", NOW, {"device_id": "w-9"}, "ev-broken", source=source)])
    wait_until(lambda: len(told(STATION, ends)) > before, 30, "the police hear of it all the same")
    wait_until(lambda: number("SELECT count(*) FROM outbox WHERE kind = 'emergency' AND state = 'sent'") == 2, 20, "both are taken")
    engine.stop()
    event = told(STATION, ends)[-1]
    same((event["data"]["rule"]["id"], open_part(STATION, event["data"]["sealed"])["child"]["name"]), ("E1", GIRL), "whom it is about")
    same(len(told(STATION, ends)), before + 1, "told once")
    same(sql("SELECT topic, type, child_person IS NOT NULL FROM emergency WHERE subject = 's-astray'"), [[topic, "13", "t"]], "one emergency")
    same(number("SELECT count(*) FROM record WHERE type = 13"), 0, "records of the engine")
    same(number("SELECT count(*) FROM parked"), parked + 1, "what has no time is parked as ever")
    same(number("SELECT count(*) FROM outbox WHERE kind = 'emergency' AND (data_key_id IS NOT NULL OR payload <> '')"), 0, "copies kept")
    texts = [row[0] for row in sql("SELECT convert_from(payload, 'UTF8') FROM outbox WHERE topic = 'hulei.receipt.civil-affairs.children'")]
    receipts = [(r["id"], r["outcome"], r.get("note")) for text in texts for r in json.loads(text).get("receipts", []) if r["id"] == "ev-astray"]
    same(sorted(receipts, key=str), sorted([("ev-astray", "accepted", "send_on_the_emergency_topic")] * 2
         + [("ev-astray", "accepted", "posts_told"), ("ev-astray", "unchanged", None)], key=str), "what its department is told")


def messages(ends, alert):
    """Every kind of message that came about, against its schema: receipts, an outcome, signs of life."""
    answer = {"alert": alert, "post": STATION, "who": "u-7", "at": NOW, "state": "closed", "outcome_code": "done"}
    hold("ack", answer)
    produce("post-" + STATION, f"hulei.ack.{STATION}", alert, json.dumps(answer).encode())
    wait_until(lambda: number("SELECT count(*) FROM outbox WHERE kind = 'outcome'") == 1, 20, "an outcome for the department")
    seen = hold_outbox()
    check(seen["receipt"] > 10 and seen["outcome"] == 1, f"receipts and an outcome: {seen}")
    kinds = {hold_event(json.loads(m["payload"])) for m in consume("post-" + STATION, f"hulei.alert.{STATION}", ends)}
    same(kinds, {"heartbeat", "police"}, "kinds of messages on the topic of a station")


def an_exercise(ends):
    topic = f"hulei.exercise.{STATION}"
    before, since = len(told(STATION, ends)), all_log_ends({topic})
    sql("INSERT INTO setting VALUES ('alert_status', 'exercise') ON CONFLICT (name) DO UPDATE SET value = 'exercise'")
    push_raw([sos("s-exercise", "c-17")])
    found = wait_until(lambda: [json.loads(m["payload"]) for m in consume("post-" + STATION, topic, since)], 20, "an exercise has its topic")
    same([(e["data"]["status"], e["data"]["emergency"]) for e in found if e["type"] == "hulei.alert.v1"], [("exercise", True)], "its status")
    same(len(told(STATION, ends)), before, "messages of it among the actual ones")
    sql("UPDATE setting SET value = 'actual' WHERE name = 'alert_status'")


def killed(ends, courier):
    """Killed again and again while alarms arrive: each is one emergency and at least one message of one id."""
    before = len({event["id"] for event in told(STATION, ends)})
    for round_ in range(3):
        push_raw([sos(f"k-{round_}-{n}", "c-17") for n in range(20)])
        time.sleep((0.05, 0.15, 0.3)[round_])
        courier.kill()
        courier = Role("courier")
    wait_until(lambda: len({event["id"] for event in told(STATION, ends) if "/" in event["id"]}) >= before + 60, 60, "60 alerts")
    same(number("SELECT count(*) FROM emergency WHERE subject LIKE 'k-%'"), 60, "emergencies")
    same(len({event["id"] for event in told(STATION, ends) if event["id"].count("/") == 1}), before + 60, "ids on the topic")
    return courier


def proof():
    reset()
    store_child()
    bare = os.path.join(RUN, "certificates", BARE + ".pem")
    os.rename(bare, bare + ".away")
    try:
        ends = wait_until(lambda: all_log_ends(TOPICS), 30, "the topics are listed")
        courier = Role("courier")
        courier.await_log("post_without_certificate")
        wait_until(lambda: sql("SELECT 1 FROM engine_lease WHERE role = 'emergency'"), 20, "the emergency thread leads")
        an_alarm(ends)
        no_certificate(ends, courier)
        nobody_knows_where(ends)
        report_and_lodging(ends)
        watches()
        bad_messages()
        on_an_ordinary_feed(ends)
        an_exercise(ends)
        courier = killed(ends, courier)
        same(number("SELECT count(*) FROM audit_verify()"), 0, "faults of the audit chain")
        appended = {row[0]: float(row[1]) for row in sql(
            "SELECT alert_id, extract(epoch FROM appended_at) * 1000 FROM alert JOIN emergency USING (emergency_id)"
            " WHERE subject NOT LIKE 'k-%'")}
        times = latencies([event for event in told(STATION, ends) if event["id"].count("/") == 1], appended)
        messages(ends, told(STATION, ends)[0]["subject"])
        courier.stop()
    finally:
        os.rename(bare + ".away", bare)
    return (f"rules, encrypted part, parking, three kills; from append to append {percentile(times, 0.5):.0f} ms median, "
            f"{max(times):.0f} ms at most of {len(times)}")


if __name__ == "__main__":
    main(proof)
