#!/usr/bin/env python3
"""What clerks enter in the console: a dry run judges as the engine does and keeps nothing; a ledger goes as sealed outbox
rows through the courier and Kafka to the engine, and its receipts come back. And tables that leave as a file."""
import hashlib
import json

from console_http import open_session
from stack import (CHILDREN, Role, check, log_ends, consume, main, number, push_raw, raw, reset, same, sql, start_engine,
                   value, wait_until)

TOPIC = "hulei.feed.civil-affairs.console"
RECEIPT = "hulei.receipt.civil-affairs.console"
WHEN = "2026-03-02T08:00:00+08:00"


def child(name="罗小蕾", **more):
    return {"person": {"name": name, "sex": "female", "birth_date": "2015-06-01", **more}, "circumstances": ["left_behind"]}


def rows(*records, first=2):
    return [{"row": first + at, "subject": f"k-{first + at}", "time": WHEN, "data": data} for at, data in enumerate(records)]


# Records and what the door says of each: outcome, code, field.
JUDGED = [
    (child(), ("accepted", None, None)),
    (child(id_number=500111201506010029), ("refused", "wrong_type", "data.person.id_number")),
    ({"circumstances": ["left_behind"]}, ("refused", "missing_field", "data.person")),
    (child(birth_date="2015-02-31"), None),
    ({**child(), "circumstances": ["rich"]}, None),
    (child("甲" * 51), None),
]


def judgements(browser, kind, records):
    told = browser.good("POST", "/api/feeds/dry-run", {"type": kind, "rows": rows(*records)})
    return [(item["outcome"], item.get("code"), item.get("field"), item.get("rule")) for item in told["items"]]


def by_engine(records):
    """The same records, sent by the department's own system: what the engine's receipts say."""
    ends = log_ends({RECEIPT.replace("console", "children")})
    push_raw([raw(CHILDREN, "child", f"k-{at}", WHEN, data, f"e-{at}") for at, data in enumerate(records)])

    def told():
        found = {}
        for message in consume("civil-affairs-children", RECEIPT.replace("console", "children"), ends):
            found.update({entry["id"]: entry for entry in json.loads(message["payload"])["receipts"]})
        return found if len(found) == len(records) else None

    entries = wait_until(told, 20, "the receipts")
    return [(e["outcome"], e.get("code"), e.get("field"), e.get("rule")) for e in (entries[f"e-{n}"] for n in range(len(records)))]


def dry_run(clerk):
    same([item["type"] for item in clerk.good("GET", "/api/feeds/types")["items"]],
         ["child", "guardian_document", "care_assignment", "staff", "objection", "correction"], "types of the department")
    records = [data for data, _ in JUDGED]
    told = judgements(clerk, "child", records)
    for (_, wanted), got in zip(JUDGED, told):
        check(wanted is None or got[:3] == wanted, f"a dry run: {got} instead of {wanted}")
    same(told, by_engine(records), "a dry run and the engine")
    same(judgements(clerk, "risk", [child()])[0][:2], ("refused", "type_not_allowed"), "a type of another department")
    same((number("SELECT count(*) FROM outbox WHERE kind = 'feed'"), number("SELECT count(*) FROM feed_upload")), (0, 0),
         "nothing is kept of a dry run")
    for what, body in (("no rows", {"type": "child", "rows": []}), ("a row too much", {"type": "child", "rows": rows(*[child()] * 501)}),
                       ("a stranger in a row", {"type": "child", "rows": [{**rows(child())[0], "x": 1}]}),
                       ("no subject", {"type": "child", "rows": [{**rows(child())[0], "subject": ""}]})):
        same(clerk.post("/api/feeds/dry-run", body).json["field"], "rows", what)
    nobody = open_session("feeds-watch", "operator")
    same(nobody.good("GET", "/api/feeds/types"), {"topic": None, "source": None, "items": []}, "an operator of no department")
    same(nobody.post("/api/feeds/dry-run", {"type": "child", "rows": rows(child())}).json["field"], "source", "who enters nothing")
    return len(records)


def upload(clerk):
    ends = log_ends({TOPIC})
    records = [child(f"罗小{name}") for name in "蕾芳兰"] + [child(birth_date="2015-02-31")]
    body = {"type": "child", "upload": "ledger-1", "rows": rows(*records)}
    told = clerk.good("POST", "/api/feeds/uploads", body)
    same((told["accepted"], told["refused"], told["items"][3]["row"]), (3, 1, 5), "the door's answer")
    for row in sql("SELECT encode(payload, 'escape') FROM outbox WHERE kind = 'feed'"):
        check("罗小" not in row[0] and "k-2" not in row[0], "the outbox row is sealed")
    same(clerk.good("POST", "/api/feeds/uploads", body)["accepted"], 3, "the same block again")

    def done():
        item = clerk.good("GET", "/api/feeds/uploads")["items"][0]
        return item if item["accepted"] + item["refused"] == 3 else None

    item = wait_until(done, 30, "the engine's receipts")
    same((item["upload"], item["by"], item["lines"], item["waiting"], item["accepted"]), ("ledger-1", "feeds-clerk", 3, 0, 3),
         "what became of the ledger")
    sent = consume("admin", TOPIC, ends)
    same(sorted(message["key"] for message in sent), ["child:k-2", "child:k-3", "child:k-4"], "on the department's console feed")
    same({json.loads(message["payload"])["source"] for message in sent}, {"urn:hulei:500111004:civil-affairs:console"}, "its own source")
    same(sql("SELECT count(*), count(DISTINCT s.urn) FROM record JOIN source s USING (source_id) WHERE s.topic = "
             f"'{TOPIC}' AND record.state = 'live'"), [["3", "1"]], "records of the console's source")
    same(sql("SELECT count(*) FILTER (WHERE length(payload) > 0), count(data_key_id) FROM outbox WHERE kind = 'feed'"),
         [["0", "0"]], "what left is kept no second time")
    same(number("SELECT count(*) FROM data_key WHERE data_key_id < -4000000000000000000"), 0, "nor are its keys")
    same(value("SELECT string_agg(detail->>'queued', ',' ORDER BY seq) FROM audit_entry WHERE action = 'feed_upload'"), "3,0",
         "both blocks on record")
    other = open_session("feeds-other", "operator", "--department", "civil-affairs")
    same(other.post("/api/feeds/uploads", body).json["rule"], "taken", "a colleague's ledger")
    judge = open_session("feeds-judge", "operator", "--department", "judicial")
    same(judge.good("GET", "/api/feeds/uploads")["items"], [], "another department's list")


def export(clerk):
    answer = clerk.post("/api/exports", {"table": "feeds_silent", "purpose": "review"})
    same((answer.status, answer.headers["Content-Type"], answer.headers["Content-Disposition"]),
         (200, "text/csv; charset=utf-8", 'attachment; filename="hulei-figures.csv"'), "a file")
    text = answer.body.decode("utf-8-sig")
    head, mark = text.split("# hulei", 1)
    check(head.startswith("source,last_at,silent\r\n") and "account=feeds-clerk" in mark, "rows and the mark")
    check(mark.strip().endswith("sha256=" + hashlib.sha256(head.encode()).hexdigest()), "the digest is of the rows")
    same(clerk.post("/api/exports", {"table": "people", "purpose": "review"}).json["field"], "table", "no other table")


def proof():
    reset()
    start_engine()
    Role("courier").await_log("feeds_assigned")
    console = Role("console")
    console.await_log("event=console_ready", 60)
    clerk = open_session("feeds-clerk", "operator", "--department", "civil-affairs")
    judged = dry_run(clerk)
    upload(clerk)
    export(clerk)
    check("罗小" not in console.log() and "k-2" not in console.log(), "a value in the console's log")
    same(sql("SELECT * FROM audit_verify()"), [], "faults of the audit chain")
    return f"{judged} records tried, 3 lines sent"


if __name__ == "__main__":
    main(proof)
