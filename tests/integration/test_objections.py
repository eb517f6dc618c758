#!/usr/bin/env python3
"""Somebody says that a record is wrong (DOMAIN.md C.3), from the feed to the posts: what rests on it is disputed and capped,
below red the posts delete, red keeps its mark; five and ten working days; rejected with a reason, or upheld with a split, a
merge or an erasure, and every receiver hears the cancel. A changed order alone is news, too (E.2)."""
from stack import *  # noqa: F403

HOUSES = [STREET + f"{n}号1单元101室" for n in (7, 47, 87, 127, 167)]
NEXT_DOOR = STREET + "47号1单元102室"
SENT = 0


def travel_to(moment):
    sql(f"""INSERT INTO setting VALUES ('clock_shift', (('{moment}+08')::timestamptz - clock_timestamp())::text)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value""")


def send(*messages):
    global SENT
    push_raw(list(messages))
    SENT += len(messages)
    await_counted(SENT)


def record(topic, kind, subject, data, minute=0, event=None):
    return raw(topic, kind, subject, f"2026-11-20T08:{minute:02d}:00+08:00", data, event or f"{kind}-{subject}-{minute}")


def objection(number_, subject, asks="correct", other=None):
    """By a guardian, through the feed of the children's department."""
    data = {"record": {"source": SOURCE[CORRECTIONS], "type": "risk", "subject": subject}, "by": "guardian",
            "ground": "not_this_person", "asks": asks, "on": "2026-11-20"}
    if other:
        data["other"] = dict(data["record"], subject=other)
    return record(CHILDREN, "objection", f"ob-{number_}", data)


def correction(number_, subject, ruling, asks="correct", **more):
    """The owner's answer, by its own feed."""
    data = {"objection": {"source": SOURCE[CHILDREN], "type": "objection", "subject": f"ob-{number_}"},
            "record": {"type": "risk", "subject": subject}, "by": "owner", "ground": "not_this_person", "asks": asks,
            "ruling": ruling, "on": "2026-11-20"}
    return record(CORRECTIONS, "correction", f"k-{number_}", dict(data, **more))


def state_of(subject):
    """Tier, rule and state of the pairs of the person of a risk record."""
    return sql(f"""SELECT p.tier, p.rule, p.state FROM pair p JOIN mention m ON m.person_id = p.risk_person
                   JOIN record r USING (record_id) WHERE r.subject = '{subject}' AND p.subject = 'child'
                   ORDER BY p.pair_id""")


def becomes(subject, wanted, what):
    try:
        wait_until(lambda: state_of(subject) == wanted, 20, f"{what}: {wanted}")
    except Failure:
        raise Failure(f"{what}: {state_of(subject)} instead of {wanted}") from None


def holders(subject, *messages):
    """Posts to whom messages of these kinds went, of the pairs of the person of a risk record."""
    words = ", ".join(f"'{word}'" for word in messages)
    return {row[0] for row in sql(f"""
        SELECT DISTINCT d.post_id FROM delivery d JOIN alert a USING (alert_id) JOIN pair p USING (pair_id)
        JOIN mention m ON m.person_id = p.risk_person JOIN record r USING (record_id)
        WHERE r.subject = '{subject}' AND a.msg IN ({words}) AND d.sent_at IS NOT NULL""")}


def all_sent():
    wait_until(lambda: number("SELECT count(*) FROM outbox WHERE kind = 'alert' AND state = 'queued'") == 0, 20, "all alerts sent")


def accept_all(subject="r-"):
    for (task,) in sql(f"""SELECT DISTINCT t.public_id FROM review_task t JOIN pair p USING (pair_id)
                           JOIN mention m ON m.person_id = p.risk_person JOIN record r USING (record_id)
                           WHERE t.state = 'open' AND t.kind = 'pair' AND r.subject LIKE '{subject}%'"""):
        check(review("hulei-rev1", "accept", task)["ok"], "accept")
    all_sent()


def operator(*arguments):
    done = subprocess.run(["runuser", "-u", "hulei-engine", "--", BIN, "objection", *arguments, "--config", CONFIG],
                          capture_output=True, text=True, check=False, cwd="/",
                          env={"PATH": os.environ["PATH"], "SUDO_USER": "hulei-op1"})
    same(done.returncode, 0, f"hulei objection {' '.join(arguments)}: {done.stdout} {done.stderr}")


def public_id(number_):
    return value(f"SELECT o.public_id FROM objection o JOIN record r ON r.record_id = o.message WHERE r.subject = 'ob-{number_}'")


def told_departments(word):
    return {row[0] for row in sql(f"""SELECT topic FROM outbox WHERE kind = 'receipt'
                                      AND convert_from(payload, 'UTF8') LIKE '%"objections"%{word}%'""")}


def small_place():
    born = ["2013-03-01", "2014-06-01", "2015-06-01", "2012-06-01"]
    same_man = risk("尹某甲", "1980-03-04", 3, HOUSES[0])
    nameless = {"residence": [{"address": HOUSES[4], "as_of": TODAY}], "sex": "male"}
    send(*(record(CHILDREN, "child", f"c-{n}", child(f"罗小{'甲乙丙丁'[n]}", born[n], 2 + 2 * n, HOUSES[n])) for n in range(4)),
         record(CORRECTIONS, "risk", "r-red", same_man),
         record(CORRECTIONS, "risk", "r-red-2", dict(same_man, case_ref="（2019）2号")),
         record(CORRECTIONS, "risk", "r-orange", risk("尤某乙", "1981-03-04", 5, NEXT_DOOR)),
         record(CORRECTIONS, "risk", "r-erase", risk("尚某丙", "1982-03-04", 7, HOUSES[2])),
         record(CORRECTIONS, "risk", "r-order", risk("盛某丁", "1983-03-04", 9, HOUSES[3])),
         record(CORRECTIONS, "risk", "r-one", dict(risk("盛某戊", "1984-03-04", 11, HOUSES[4]),
                                                   person=dict(nameless, name="盛某戊", birth_date="1984-03-04"))),
         record(CORRECTIONS, "risk", "r-two", dict(risk("盛戊某", "1985-04-05", 13, HOUSES[4]),
                                                   person=dict(nameless, name="盛戊某", birth_date="1985-04-05"))))
    await_rest()
    same([state_of(subject) for subject in ("r-red", "r-orange", "r-erase", "r-order")],
         [[["1", "R1", "in_review"]], [["2", "O1", "in_review"]], [["1", "R1", "in_review"]], [["1", "R1", "in_review"]]], "pairs")
    accept_all()


def rejected_after_ten_days():
    """An orange pair: posts delete; silence goes to a human twice; the owner's reason ends it."""
    told = holders("r-orange", "alert")
    check(len(told) >= 2, f"told: {told}")
    send(objection(1, "r-orange"))
    becomes("r-orange", [["2", "O1", "disputed"]], "an objection")
    all_sent()
    same(holders("r-orange", "cancel"), told, "below red every receiver hears a cancel")
    wait_until(lambda: number("SELECT count(*) FROM command WHERE applied_at IS NULL") == 0, 20, "the engine knows of it")
    send(record(CHILDREN, "child", "c-new", child("罗小戊", "2016-06-01", 22, NEXT_DOOR)))
    becomes("r-orange", [["2", "O1", "disputed"], ["4", "R1", "in_review"]], "what arises meanwhile is blue")
    same(value("SELECT 'DISPUTED' = ANY (reasons) FROM pair WHERE tier = 4"), "t", "and says why")
    for column, minutes, reason in (("confirm_by", -2, None), ("confirm_by", 1, "UNCONFIRMED"), ("answer_by", -2, "UNCONFIRMED"),
                                    ("answer_by", 1, "UNANSWERED")):
        travel_to(value(f"SELECT (max({column}) + {minutes} * interval '1 minute') AT TIME ZONE 'Asia/Shanghai' FROM objection"))
        if minutes < 0:
            time.sleep(2.2)
        wait_until(lambda: value("SELECT detail->>'reason' FROM review_task WHERE kind = 'ask_owner' AND state = 'open' "
                                 "AND detail ? 'objection'") == reason, 20, f"{column} {minutes:+d} minutes: {reason}")
    sql("DELETE FROM setting WHERE name = 'clock_shift'")
    send(correction(1, "r-orange", "rejected", reason="DOC-1"))
    becomes("r-orange", [["2", "O1", "accepted"], ["1", "R1", "in_review"]],
            "what was accepted stands again, and the other pair has its tier")
    same(told_departments("DOC-1"), set(RECEIPTS[topic] for topic in (CHILDREN, CORRECTIONS)), "both departments get the answer")
    all_sent()
    same(number("SELECT count(*) FROM alert WHERE msg = 'alert' AND pair_id = (SELECT pair_id FROM pair WHERE rule = 'O1')"), 2,
         "told again")


def upheld_with_a_split():
    """A red pair keeps its alert, with the mark, until the two records are told apart: then it is taken back and asked anew."""
    person = "SELECT count(DISTINCT person_id) FROM mention JOIN record USING (record_id) WHERE subject IN ('r-red', 'r-red-2')"
    same(number(person), 1, "one person of two records")
    told = holders("r-red", "alert")
    send(objection(2, "r-red", "split", "r-red-2"))
    becomes("r-red", [["1", "R1", "disputed"]], "disputed")
    all_sent()
    same((holders("r-red", "update"), holders("r-red", "cancel")), (told, set()), "red stays, with the mark")
    send(correction(2, "r-red", "upheld", "split", other={"type": "risk", "subject": "r-red-2"}))
    wait_until(lambda: number(person) == 2, 20, "two persons")
    await_rest()
    all_sent()
    same(holders("r-red", "cancel") | holders("r-red-2", "cancel"), told, "every receiver hears the cancel")
    same({row[2] for row in state_of("r-red") + state_of("r-red-2")} - {"retracted"}, {"in_review"}, "each is asked anew")


def upheld_with_a_merge():
    """Two records of one man, said so by an operator in the owner's place."""
    person = "SELECT count(DISTINCT person_id) FROM mention JOIN record USING (record_id) WHERE subject IN ('r-one', 'r-two')"
    same(number(person), 2, "two persons")
    send(objection(3, "r-one"))
    operator("confirm", public_id(3))
    operator("answer", public_id(3), "uphold", "--as", "merge", "--other-source", SOURCE[CORRECTIONS], "--other", "r-two")
    wait_until(lambda: number(person) == 1, 20, "one person")


def upheld_with_an_erasure():
    told = holders("r-erase", "alert")
    pair = value("SELECT p.pair_id FROM pair p JOIN mention m ON m.person_id = p.risk_person JOIN record USING (record_id) "
                 "WHERE record.subject = 'r-erase'")
    send(objection(4, "r-erase", "erase"), correction(4, "r-erase", "upheld", "erase"))
    wait_until(lambda: number("SELECT count(*) FROM record WHERE subject = 'r-erase'") == 0, 20, "the record is gone")
    all_sent()
    same({row[0] for row in sql(f"""SELECT d.post_id FROM delivery d JOIN alert a USING (alert_id)
                                    WHERE a.pair_id = {pair} AND a.msg = 'cancel' AND d.sent_at IS NOT NULL""")}, told,
         "every receiver hears the cancel")


def changed_order():
    """The same man at the same place, and the court says something else."""
    def order(**more):
        return dict({"person": risk("盛某丁", "1983-03-04", 9, HOUSES[3])["person"], "kind": "prohibition", "scope": ["victim"],
                     "from": "2026-01-01", "to": "2027-01-31", "judgment": "（2026）刑字1号"}, **more)

    becomes("r-order", [["1", "R1", "accepted"]], "accepted before")
    for minute, what in ((0, order()), (1, order(to="2028-01-31")), (2, order(to="2028-01-31", scope=["victim", "schools"]))):
        send(record(CORRECTIONS, "order", "o-1", what, minute))
        becomes("r-order", [["1", "R1", "in_review"]], f"order {minute}: asked again")
        accept_all("r-order")
    send(record(CORRECTIONS, "order", "o-1", order(to="2028-01-31", scope=["victim", "schools"], judgment="（2026）刑字2号"), 3))
    await_rest()
    same(state_of("r-order"), [["1", "R1", "accepted"]], "another document number is no other order")


def proof():
    reset()
    sql("INSERT INTO account (name, os_user, roles) VALUES ('op-1', 'hulei-op1', '{operator}') ON CONFLICT DO NOTHING")
    engine = start_engine()
    Role("courier").await_log("feeds_assigned")
    Role("console").await_log("console_ready")
    try:
        small_place()
        rejected_after_ten_days()
        upheld_with_a_split()
        upheld_with_a_merge()
        upheld_with_an_erasure()
        changed_order()
        send(objection(5, "r-order"))
        engine.stop()
        start_engine()
        becomes("r-order", [["1", "R1", "disputed"]], "a new start knows what is disputed")
        send(record(CHILDREN, "child", "c-last", child("罗小己", "2016-07-01", 24, HOUSES[3])))
        becomes("r-order", [["1", "R1", "disputed"], ["4", "R1", "in_review"]], "and caps it")
        same(sql("SELECT * FROM audit_verify()"), [], "faults of the audit chain")
    finally:
        sql("DELETE FROM setting WHERE name = 'clock_shift'")
    return f"{SENT} messages, {number('SELECT count(*) FROM objection')} objections"


if __name__ == "__main__":
    main(proof)
