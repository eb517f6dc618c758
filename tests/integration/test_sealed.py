#!/usr/bin/env python3
"""Sealed juvenile records leave no body anywhere: flagged, computable, or sealed after they were stored.
An unsealed record beside them is kept, and a planted canary is found, so that the search itself is proven."""
import base64
import json
import subprocess

from stack import *  # noqa: F403

HOUSE = STREET + "7号1单元101室"
BORN = "2000-03-04"


def sealed_risk(number_, **more):
    """Born 2000: an offence of 2016 was before 18."""
    return dict(risk(f"封存某{'甲乙丙丁戊己庚辛'[number_]}", BORN, 301 + 2 * number_, HOUSE), **more)


def send(subject, event, data, minute=0, kind="risk", topic=CORRECTIONS):
    return raw(topic, kind, subject, f"2026-04-01T08:{minute:02d}:00+08:00", data, event)


def seal_of(subject, event, minute, source=None):
    record = {"type": "risk", "subject": subject} | ({"source": source} if source else {})
    return send(f"seal-{subject}", event, {"record": record, "effective": "2026-04-01", "document": "（2026）封字1号"},
                minute, kind="seal")


def forms(text):
    """A value as it would stand in a dump: UTF-8, GB18030, UTF-16, hex, base64, escapes."""
    found = []
    for bytes_ in (text.encode(), text.encode("gb18030"), text.encode("utf-16-le")):
        found += [bytes_, bytes_.hex().encode(), base64.b64encode(bytes_)[:-4] or bytes_]
    return found + [json.dumps(text)[1:-1].encode()]


def traces(values):
    """Where any of the values can be read: the dump of all tables, the logs, the receipts."""
    haystacks = {"tables": subprocess.run(
        ["pg_dump", "-h", os.path.join(RUN, "sock"), "-p", port(), "-U", "postgres", "-d", "hulei", "--data-only"],
        capture_output=True, check=True).stdout}
    for path in {role.path for role in Role.started} | {os.path.join(RUN, "log/postgresql.log")}:
        with open(path, "rb") as file:
            haystacks[path] = file.read()
    haystacks["receipts"] = "\n".join(
        message["payload"] for message in consume("admin", RECEIPTS[CORRECTIONS], ENDS)).encode()
    return [(where, value_) for where, hay in haystacks.items() for value_ in values
            if any(form in hay for form in forms(value_))]


def nothing_of(subject):
    where = f"subject = '{subject}' AND type = (SELECT type FROM record WHERE subject = 'r-open')"
    same(number(f"SELECT count(*) FROM record WHERE {where}"), 0, f"{subject}: records")
    same(number("SELECT count(*) FROM record_history h LEFT JOIN record r USING (record_id) WHERE r.record_id IS NULL"),
         0, "versions without a record")


def no_hanging_keys():
    same(number("""SELECT count(*) FROM data_key k
                   WHERE NOT EXISTS (SELECT FROM record r WHERE r.data_key_id = k.data_key_id)
                     AND NOT EXISTS (SELECT FROM parked p WHERE p.data_key_id = k.data_key_id)"""), 0,
         "keys of nothing")


def proof():
    global ENDS
    reset()
    ENDS = log_ends({RECEIPTS[CORRECTIONS]})
    BEGINNING = dict.fromkeys(log_ends({CORRECTIONS}), "beginning")
    start_engine()
    Role("courier").await_log("feeds_assigned")
    sent = 0

    # At the door: flagged, with sealed parts, computable by dates, computable by the number alone.
    juvenile = {"offence_date": "2016-05-06", "judgment_date": "2017-01-02", "sentence_months": 36}
    by_number = sealed_risk(3, **juvenile)
    del by_number["person"]["birth_date"]
    at_the_door = [send("r-flag", "s-1", sealed_risk(0, sealed=True)),
                   send("r-part", "s-2", sealed_risk(1, contains_sealed=True)),
                   send("r-date", "s-3", sealed_risk(2, **juvenile)), send("r-number", "s-4", by_number)]
    push_raw(at_the_door + [send("r-open", "s-5", sealed_risk(4))])
    sent += 5
    await_counted(sent)
    same(outcomes(), {"refused": 4, "sealed": 4, "accepted": 1}, "outcomes at the door")
    same(number("SELECT count(*) FROM seal_tombstone"), 4, "tombstones")
    same(number("SELECT count(*) FROM parked"), 0, "parked sealed messages")
    same(sql("SELECT subject FROM record WHERE body IS NOT NULL"), [["r-open"]], "the control is kept")

    # Sent again without the flag, or with a date that hides the age: the tombstone drops it.
    push_raw([send("r-flag", "s-6", sealed_risk(0), 5), send("r-date", "s-7", sealed_risk(2), 5)])
    sent += 2
    await_counted(sent)
    same(outcomes(), {"refused": 6, "sealed": 6, "accepted": 1}, "outcomes of copies")

    # Stored with a history, a pair and a refused copy; then a seal arrives.
    push_raw([raw(CHILDREN, "child", "c-1", "2026-04-01T08:00:00+08:00",
                  child("罗小蕾", "2015-06-01", 8, HOUSE), "c-1")])
    push_raw([send("r-late", "s-8", sealed_risk(5), 1), send("r-late", "s-9", sealed_risk(5, case_ref="（2018）1号"), 2),
              send("r-late", "s-10", sealed_risk(5, category="pirate"), 3)])
    sent += 4
    await_counted(sent)
    same(number("SELECT count(*) FROM pair WHERE state = 'in_review'"), 2, "pairs before the seal")
    same(number("SELECT count(*) FROM record_history"), 1, "versions before the seal")
    same(number("SELECT count(*) FROM parked WHERE body IS NOT NULL"), 1, "parked copies before the seal")
    push_raw([seal_of("r-late", "s-11", 4)])
    push_raw([send("r-late", "s-12", sealed_risk(5), 6)])
    sent += 2
    await_counted(sent)
    await_rest()
    nothing_of("r-late")
    same(number("SELECT count(*) FROM record_history"), 0, "versions after the seal")
    same(number("SELECT count(*) FROM parked WHERE body IS NOT NULL"), 0, "parked copies after the seal")
    same(sorted(row[0] for row in sql("SELECT state FROM pair")), ["in_review", "retracted"], "pairs after the seal")
    same(sql("SELECT reasons, evidence FROM pair WHERE state = 'retracted'"), [["{}", "{}"]], "the pair's reasons")
    no_hanging_keys()

    # The same within one batch, in both orders: all of it waits in the log before the engine starts.
    Role.started[0].stop()
    push_raw([send("r-both", "s-13", sealed_risk(6), 1), send("r-both", "s-14", sealed_risk(6, case_ref="x"), 2),
              send("r-both", "s-19", sealed_risk(6, category="pirate"), 2), seal_of("r-both", "s-15", 3),
              send("r-both", "s-16", sealed_risk(6), 4), seal_of("r-early", "s-17", 1),
              send("r-early", "s-18", sealed_risk(7), 2), send("r-early", "s-20", sealed_risk(7, category="x"), 2)])
    sent += 8
    start_engine()
    await_counted(sent)
    nothing_of("r-both")
    nothing_of("r-early")
    check("batch_refused" not in Role.started[-1].log(), "the batch went through in one piece")
    same(number("SELECT count(*) FROM parked WHERE body IS NOT NULL"), 0, "parked copies beside a seal")
    same(number("SELECT count(*) FROM seal_tombstone"), 7, "tombstones at the end")
    same(number("SELECT count(*) FROM mention m LEFT JOIN record r USING (record_id) WHERE r.record_id IS NULL"), 0,
         "mentions without a record")
    no_hanging_keys()

    # Receipts say so, and no value of any of them can be read anywhere.
    wait_until(lambda: number("SELECT count(*) FROM outbox WHERE kind = 'receipt' AND state <> 'sent'") == 0, 20,
               "receipts sent")
    told = {entry["id"]: entry for message in consume("admin", RECEIPTS[CORRECTIONS], ENDS)
            for entry in json.loads(message["payload"])["receipts"]}
    for event in ("s-1", "s-2", "s-3", "s-4", "s-6", "s-7", "s-12"):
        same((told[event]["outcome"], told[event].get("code")), ("refused", "sealed"), f"receipt of {event}")
    secret = [text for n in range(8) for text in
              (sealed_risk(n)["person"]["name"], sealed_risk(n)["person"]["id_number"])]
    sql(f"CREATE TABLE public.canary (t text, b bytea); INSERT INTO public.canary VALUES ('{secret[0]}', '\\x"
        + secret[1].encode().hex() + "')")
    planted = traces(secret)
    sql("DROP TABLE public.canary")
    same(planted, [("tables", secret[0]), ("tables", secret[1])], "the planted canary")
    same(traces(secret), [], "traces of sealed records")

    # Kafka forgets them, too; what was read before the engine saw a seal goes with it.
    wait_until(lambda: sql("SELECT count(*) FROM feed_erasure HAVING bool_and(erased_to >= before_off)"), 20, "erasures")
    feed = "\n".join(message["payload"] or "" for message in consume("admin", CORRECTIONS, BEGINNING)).encode()
    same([text for n in (0, 1, 2, 3, 5, 6, 7) for text in
          (sealed_risk(n)["person"]["name"], sealed_risk(n)["person"]["id_number"])
          if any(form in feed for form in forms(text))], [], "sealed records in the feed")
    return f"{sent} messages, {outcomes()['sealed']} dropped, 7 tombstones"


if __name__ == "__main__":
    main(proof)
