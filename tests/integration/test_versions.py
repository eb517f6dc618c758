#!/usr/bin/env python3
"""Versions of a record: out of order, repeated, tied, withdrawn and late, several in one batch; GB18030; both modes.
Every case runs twice: each message in a batch of its own, and all of them in one batch. The tables must agree."""
import json

from stack import *  # noqa: F403

ADDRESS = STREET + "7号1单元101室"


def girl(grade=0, name="罗小蕾", serial=8):
    """The same girl in telling versions."""
    return child(name, "2015-06-01", serial, ADDRESS, circumstances=["left_behind", "disabled"][:1 + grade % 2],
                 until=f"2030-01-{1 + grade:02d}")


def message(subject, event, minute, data, **more):
    return raw(CHILDREN, "child", subject, f"2026-04-01T08:{minute:02d}:00+08:00", data, event, **more)


# subject: (messages in order of arrival, outcomes, live event or "withdrawn <event>", events in the history)
CASES = {
    "v-order": ([("a", 3, girl(0)), ("b", 1, girl(1)), ("c", 2, girl(2)), ("d", 4, girl(3))],
                ["accepted", "superseded", "superseded", "accepted"], "d", {"a", "b", "c"}),
    "v-repeat": ([("a", 1, girl(0)), ("a", 1, girl(0)), ("b", 1, girl(0)), ("a", 5, girl(1))],
                 ["accepted", "unchanged", "unchanged", "unchanged"], "a", set()),
    "v-tie": ([("a", 1, girl(0)), ("b", 1, girl(1))], ["accepted", "accepted"], "b", {"a"}),
    "v-gone": ([("a", 2, girl(0)), ("b", 3, None), ("c", 1, girl(1))],
               ["accepted", "accepted", "superseded"], "withdrawn b", {"a", "c"}),
    "v-first-gone": ([("a", 3, None), ("b", 2, girl(0))], ["accepted", "superseded"], "withdrawn a", {"b"}),
    "v-again": ([("a", 1, girl(0)), ("b", 2, None), ("c", 3, girl(1))],
                ["accepted", "accepted", "accepted"], "c", {"a", "b"}),
    "v-late-gone": ([("a", 3, girl(0)), ("b", 2, None)], ["accepted", "superseded"], "a", {"b"}),
    "v-gone-twice": ([("a", 1, None), ("b", 2, None)], ["accepted", "accepted"], "withdrawn b", {"a"}),
}


def structured(subject, event, minute, data):
    """The same in structured mode."""
    body = {"specversion": "1.0", "id": event, "source": SOURCE[CHILDREN], "type": "hulei.child.v1",
            "subject": subject, "time": f"2026-04-01T08:{minute:02d}:00+08:00", "datacontenttype": "application/json",
            "data": data}
    return {"topic": CHILDREN, "key_base64": b64(f"child:{subject}"),
            "value_base64": b64(json.dumps(body, ensure_ascii=False)),
            "headers": [{"name": "content-type", "value_base64": b64("application/cloudevents+json")}]}


def all_messages():
    """Round robin over the cases, as feeds mix subjects."""
    found = []
    for place in range(max(len(case[0]) for case in CASES.values())):
        for subject, (steps, *_) in CASES.items():
            if place < len(steps):
                event, minute, data = steps[place]
                found.append(message(subject, f"{subject}-{event}", minute, data))
    return found


def state():
    rows = sql("""SELECT r.subject, r.state, r.event_id, r.body IS NOT NULL, encode(r.digest, 'hex'),
                         (SELECT string_agg(h.event_id || ' ' || h.state || ' ' || (h.body IS NULL), ',' ORDER BY h.event_id, h.version_time)
                          FROM record_history h WHERE h.record_id = r.record_id),
                         (SELECT count(*) FROM mention m WHERE m.record_id = r.record_id)
                  FROM record r ORDER BY 1""")
    return {row[0]: row[1:] for row in rows}


def check_cases(found):
    receipts = {}
    for _, event, outcome, *_ in stored_receipts():
        receipts.setdefault(event, []).append(outcome)
    for subject, (steps, wanted, live, history) in CASES.items():
        is_live = not live.startswith("withdrawn")
        row = found[subject]
        same((row[0], row[1]), ("live" if is_live else "withdrawn", f"{subject}-{live.split()[-1]}"), subject)
        same(row[2], "t" if is_live else "f", f"{subject}: has a body")
        kept = {part.split()[0][len(subject) + 1:] for part in row[4].split(",") if part}
        same(kept, history, f"{subject}: history")
        same(row[5], "1" if is_live else "0", f"{subject}: mentions")
        got = {event: list(receipts[f"{subject}-{event}"]) for event, *_ in steps}
        same([got[event].pop(0) for event, *_ in steps], wanted, f"{subject}: receipts")


def encodings():
    """One girl in four wrappings is one person with four equal records."""
    reset()
    start_engine()
    rare = girl(name="罗𠮷蕾")  # outside the BMP
    push_raw([message("x-utf8", "x-1", 1, rare), message("x-gb", "x-2", 1, rare, charset="gb18030"),
              message("x-gbk", "x-3", 1, girl(name="罗小蕾")), structured("x-event", "x-4", 1, rare)])
    produce("civil-affairs-children", CHILDREN, "child:x-kcat", json.dumps(rare, ensure_ascii=False).encode("gb18030"),
            [("ce_specversion", "1.0"), ("ce_id", "x-5"), ("ce_source", SOURCE[CHILDREN]), ("ce_type", "hulei.child.v1"),
             ("ce_subject", "x-kcat"), ("ce_time", NOW), ("content-type", "application/json; charset=GBK")])
    await_counted(5)
    same(outcomes(), {"accepted": 5}, "outcomes of encodings")
    digests = {row[0]: row[1] for row in sql("SELECT subject, encode(digest, 'hex') FROM record")}
    same(len({digests[s] for s in ("x-utf8", "x-gb", "x-event", "x-kcat")}), 1, "digests of equal bodies")
    same(number("SELECT count(DISTINCT person_id) FROM mention"), 1, "persons")


def proof():
    messages = all_messages()
    reset()
    start_engine(config_with(batch_max_messages=1, batch_max_wait_ms=5))
    push_raw(messages)
    await_counted(len(messages))
    one_by_one = state()
    check_cases(one_by_one)
    counted_one_by_one = outcomes()

    reset()
    push_raw(messages)
    start_engine(config_with(batch_max_messages=500, batch_max_wait_ms=2000))
    await_counted(len(messages))
    together = state()
    check_cases(together)
    same(together, one_by_one, "tables after one batch")
    same(outcomes(), counted_one_by_one, "outcomes after one batch")
    batches = number("SELECT count(*) FROM audit_entry WHERE action = 'batch'")
    check(batches <= 3, f"one batch or so, not {batches}")

    encodings()
    return f"{len(messages)} messages in {len(CASES)} cases, one by one and in {batches} batches"


if __name__ == "__main__":
    main(proof)
