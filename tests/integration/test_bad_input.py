#!/usr/bin/env python3
"""Every row of tests/data/feeds/bad_input.ndjson through the broker: the right receipt, parked or dropped, and nothing
stops. Ids and subjects are made different per row, so that one row's receipt or tombstone is not another's."""
import collections
import json

from stack import *  # noqa: F403

DATA = os.path.join(REPO, "tests/data/feeds")


def decoded(text):
    return None if text is None else base64.b64decode(text)


def different(message, n):
    """The row with its usual id `e-1` and subject `s-1` replaced; whatever is bad about it stays bad."""
    changed = dict(message, headers=[dict(header) for header in message["headers"]])
    for header in changed["headers"]:
        value_ = decoded(header["value_base64"])
        if header["name"] == "ce_id" and value_ == b"e-1":
            header["value_base64"] = b64(f"e-{n}")
        if header["name"] == "ce_subject" and value_ == b"s-1":
            header["value_base64"] = b64(f"s-{n}")
    key = decoded(message["key_base64"])
    if key is not None and key.endswith(b":s-1"):
        changed["key_base64"] = b64(key[:-3] + f"s-{n}".encode())
    body = decoded(message["value_base64"])
    if body is not None and b'"specversion"' in body:
        changed["value_base64"] = b64(body.replace(b'"subject":"s-1"', f'"subject":"s-{n}"'.encode())
                                      .replace(b'"id":"e"', f'"id":"e-{n}"'.encode()))
    return changed


def header_of(message, name):
    return next((decoded(h["value_base64"]).decode("utf-8", "replace") for h in message["headers"]
                 if h["name"] == name), None)


def proof():
    with open(os.path.join(DATA, "bad_input.ndjson"), encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    with open(os.path.join(DATA, "bad_input.expected.ndjson"), encoding="utf-8") as file:
        expected = [json.loads(line) for line in file]
    check(len(rows) == len(expected) >= 40, "at least 40 kinds of bad input")

    reset()
    topics = sorted({row["topic"] for row in rows})
    ends = log_ends({topic.replace("hulei.feed.", "hulei.receipt.") for topic in topics})
    engine = start_engine()
    Role("courier").await_log("feeds_assigned")
    good = raw(CHILDREN, "child", "good-0", "2026-04-01T08:00:00+08:00", child("罗小蕾", "2015-06-01", 8, STREET + "7号"),
               "good-0")
    messages = [good]
    for n, row in enumerate(rows):
        messages.append(different(row, n))
    for topic in topics:
        push_raw([message for message in messages if message["topic"] == topic])
    push_raw([dict(raw(CHILDREN, "child", "good-1", "2026-04-01T08:00:00+08:00",
                       child("罗大蕾", "2014-06-01", 10, STREET + "7号"), "good-1"))])
    await_counted(len(rows) + 2, 40)
    check(engine.is_running(), "the engine runs on")
    sealed = sum(row["outcome"] == "sealed" for row in expected)
    same(outcomes(), {"accepted": 2, "refused": len(rows), "sealed": sealed}, "outcomes")
    same(number("SELECT count(*) FROM record WHERE subject IN ('good-0', 'good-1')"), 2, "good records beside them")
    same(number("SELECT count(*) FROM record"), 2, "records")

    # Receipts: by id where the row has one of its own, all of them as a multiset.
    wait_until(lambda: number("SELECT count(*) FROM outbox WHERE kind = 'receipt' AND state <> 'sent'") == 0, 20,
               "receipts sent")
    entries = [entry for topic in topics
               for message in consume("admin", topic.replace("hulei.feed.", "hulei.receipt."), ends)
               for entry in json.loads(message["payload"])["receipts"] if entry["outcome"] != "accepted"]
    told = {entry.get("id"): entry for entry in entries}
    wrong = []
    for n, (row, want) in enumerate(zip(rows, expected)):
        if header_of(different(row, n), "ce_id") != f"e-{n}":
            continue
        got = told.get(f"e-{n}", {})
        found = (got.get("outcome"), got.get("code"), got.get("field", ""), got.get("rule"))
        if found != ("refused", want["code"], want["field"], want["rule"]):
            wrong.append((want["what"], found))
    same(wrong, [], "receipts of rows with an id")

    def facts(entry):
        return entry["code"], entry.get("field", ""), entry["rule"]

    same(collections.Counter(map(facts, entries)), collections.Counter(map(facts, expected)), "all receipts")
    parked = collections.Counter(map(tuple, sql("SELECT code, field, rule FROM parked WHERE state = 'parked'"
                                                " AND body IS NOT NULL")))
    same(parked, collections.Counter(facts(row) for row in expected if row["outcome"] == "refused"), "parked")
    return f"{len(rows)} rows: {len(rows) - sealed} parked, {sealed} sealed ones dropped"


if __name__ == "__main__":
    main(proof)
