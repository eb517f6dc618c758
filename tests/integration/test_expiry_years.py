#!/usr/bin/env python3
"""Three years in a minute: from end to end of every record the clock is moved on; each time the engine forgets what is due,
the debt is 0, and every post that had read an alert of a pair hears its cancel."""
from stack import *  # noqa: F403

HOUSES = [STREET + f"{n}号1单元101室" for n in (7, 47, 87)]


def travel_to(day):
    """Nine in the morning of a day."""
    sql(f"""INSERT INTO setting VALUES ('clock_shift', (('{day} 09:00+08')::timestamptz - clock_timestamp())::text)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value""")


def message(topic, kind, subject, data):
    return raw(topic, kind, subject, "2026-11-20T08:00:00+08:00", data, subject)


def a_small_place():
    """Three dwellings, in each a child and a person of concern; their times end at different days."""
    push_raw([message(CHILDREN, "child", "c-1", child("罗小甲", "2010-03-01", 2, HOUSES[0])),  # 18 in March 2028
              message(CHILDREN, "child", "c-2", child("罗小乙", "2015-06-01", 4, HOUSES[1])),
              message(CHILDREN, "child", "c-3", child("罗小丙", "2014-06-01", 6, HOUSES[2], until="2028-06-30")),
              message(CORRECTIONS, "risk", "r-1", risk("尹某甲", "1980-03-04", 3, HOUSES[0], released_on="2024-06-01")),
              message(CORRECTIONS, "risk", "r-2", risk("尤某乙", "1981-03-04", 5, HOUSES[1], released_on="2022-12-15")),
              message(CORRECTIONS, "risk", "r-3", risk("尚某丙", "1982-03-04", 7, HOUSES[2], until="2027-05-31")),
              message(CORRECTIONS, "order", "o-1", {"person": risk("尤某乙", "1981-03-04", 5, HOUSES[1])["person"],
                                                    "kind": "prohibition", "scope": ["victim"], "from": "2026-01-01",
                                                    "to": "2027-01-31", "judgment": "（2026）刑字1号"})])
    await_counted(7)
    await_rest()


def accept_all():
    wait_until(lambda: number("SELECT count(*) FROM review_task WHERE state = 'open' AND kind = 'pair'") >= 3, 20, "tasks")
    await_rest()
    for (task,) in sql("SELECT public_id FROM review_task WHERE state = 'open' AND kind = 'pair'"):
        check(review("hulei-rev1", "accept", task)["ok"], "accept")
    wait_until(lambda: number("SELECT count(*) FROM delivery WHERE state = 'queued'") == 0, 30, "alerts sent")


def debts():
    return number("SELECT expiry_debt()")


def three_years():
    """From one day of an end to the next; how many days there were."""
    days = 0
    while (day := value("""SELECT min(ends_on) + 1 FROM record WHERE ends_on < current_date + 3 * 365""")):
        travel_to(day)
        days += 1
        wait_until(lambda: debts() == 0, 20, f"debt 0 on {day}")
        wait_until(lambda: number("SELECT count(*) FROM pair p WHERE state NOT IN ('expired', 'retracted') AND NOT EXISTS ("
                                  "SELECT FROM mention m WHERE m.person_id = p.risk_person)") == 0, 20, "pairs follow")
    return days


def proof():
    reset()
    start_engine()
    Role("courier").await_log("feeds_assigned")
    Role("console").await_log("console_ready")
    try:
        a_small_place()
        same(number("SELECT count(*) FROM record r JOIN mention m USING (record_id) WHERE r.ends_on IS NULL"), 0, "no end")
        accept_all()
        told = {tuple(row) for row in sql("""SELECT a.pair_id, d.post_id FROM delivery d JOIN alert a USING (alert_id)
                                             WHERE a.msg = 'alert'""")}
        check(len(told) >= 6, f"posts told: {len(told)}")
        days = three_years()
        check(days >= 6, f"days with an end: {days}")
        wait_until(lambda: {tuple(row) for row in sql(
            """SELECT a.pair_id, d.post_id FROM delivery d JOIN alert a USING (alert_id)
               WHERE a.msg = 'cancel' AND d.sent_at IS NOT NULL""")} >= told, 30, "each cancel reached each post")
        same(sorted({row[0] for row in sql("SELECT state FROM pair WHERE pair_id IN (SELECT pair_id FROM alert)")}), ["expired"],
             "pairs that were told of")
        same(number("SELECT count(*) FROM record WHERE type = (SELECT max(type) FROM erasure WHERE rule = 'release')"), 0, "risk records")
        same(sql("SELECT * FROM audit_verify()"), [], "faults of the audit chain")
    finally:
        sql("DELETE FROM setting WHERE name = 'clock_shift'")
    return f"{days} days with an end, {len(told)} cancels"


if __name__ == "__main__":
    main(proof)
