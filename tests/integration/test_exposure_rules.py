#!/usr/bin/env python3
"""Rules that need schools, staff, orders and moves, on the real feeds: each opens the right task, a change of the school,
the staff or the order takes it back, and an accepted alert goes to the right posts without naming a child."""
from stack import *  # noqa: F403

FAR = "重庆市大足区双路街道双南路社区双南路{}号1单元101室"


class Feed:
    def __init__(self):
        self.count = 0

    def send(self, *messages):
        """(topic, type, subject, data), each newer than the one before."""
        batch = []
        for topic, kind, subject, data in messages:
            self.count += 1
            when = time.strftime("%Y-%m-%dT%H:%M:%S+08:00", time.gmtime(time.time() + 8 * 3600 - 3600 + self.count))
            batch.append(raw(topic, kind, subject, when, data, f"x-{self.count}"))
        push_raw(batch)
        await_counted(self.count)
        await_rest()


def pairs():
    return sql("""SELECT subject, tier, rule, state FROM pair WHERE state NOT IN ('retracted', 'expired')
                  ORDER BY rule, subject, subject_id, risk_person""")


def point(lon, lat):
    return {"lon": lon, "lat": lat, "crs": "CGCS2000"}


def place(number, lon, lat):
    return (ADDRESSES, "place", f"p-{number}",
            {"place_id": f"p-{number}", "address": f"重庆市大足区双路街道双南路社区双南路{number}号",
             "location": point(lon, lat)})


def school(lat):
    return (SCHOOLS, "school", "s-1", {"school_id": "sch-1", "name": "双路小学", "kind": "primary",
                                       "address": "重庆市大足区双路街道双南路社区双南路500号",
                                       "gates": [{"name": "东门", "location": point(105.75, lat)}]})


def staff(man, unit_kind="school"):
    return (SCHOOLS, "staff", "st-1", {"person": man["person"], "unit": "双路小学", "unit_id": "sch-1",
                                       "unit_kind": unit_kind, "role": "service"})


def rule_r3(feed, man):
    feed.send(staff(man))
    same(pairs(), [["unit", "1", "R3", "in_review"]], "one pair for the unit, however many pupils")
    task = value("SELECT public_id FROM review_task WHERE state = 'open' AND kind = 'pair'")
    answer = review("hulei-rev1", "show", task)
    check(answer["ok"], f"its sheet: {answer}")
    answer = review("hulei-rev1", "accept", task)
    check(answer["ok"], f"accept: {answer}")
    views = [row[0] for row in sql("SELECT DISTINCT view FROM delivery JOIN post USING (post_id) ORDER BY 1")]
    check("police" in views and "judicial" in views, f"posts that hear of it: {views}")
    wait_until(lambda: number("SELECT count(*) FROM delivery WHERE state = 'sent'") > 0, 20, "an alert that was sent")
    same(number("SELECT count(*) FROM alert_series WHERE child_pseudonym <> ''"), 0, "no child has a pseudonym in it")
    feed.send((SCHOOLS, "staff", "st-1", None))
    same(pairs(), [], "no longer on the staff")


def rules_of_the_gate(feed, man):
    pupil = dict(man, victim_pupil=True)
    feed.send((CORRECTIONS, "risk", "r-1", pupil))
    same(pairs(), [], "the gate is far from his home")
    feed.send(school(29.4902))
    same(pairs(), [["child", "2", "O3", "in_review"]] * 2, "the school's gate came near: each pupil of the profile")
    feed.send((CORRECTIONS, "order", "o-1",
               {"person": man["person"], "kind": "prohibition", "scope": ["schools"], "from": "2026-01-01",
                "to": "2030-01-01", "judgment": "（2026）刑字2号"}))
    same(pairs(), [["child", "2", "O3", "in_review"]] * 2 + [["person", "1", "R4", "in_review"]],
         "an order bars him from there")
    feed.send((CORRECTIONS, "order", "o-1",
               {"person": man["person"], "kind": "prohibition", "scope": ["schools"], "from": "2026-01-01",
                "to": "2030-01-01", "judgment": "（2026）刑字2号", "approved_home": {"address": FAR.format(10)}}))
    same(pairs(), [["child", "2", "O3", "in_review"]] * 2, "his home is approved")
    feed.send((CORRECTIONS, "order", "o-1", None), school(29.60))
    same(pairs(), [], "the school moved away")
    feed.send((CORRECTIONS, "risk", "r-1", man))


def rules_of_the_home(feed, man):
    near = [(CHILDREN, "child", f"n-{i}", child(name, f"{2010 + i}-0{i}-1{i}", 40 + 2 * i, FAR.format(20)))
            for i, name in ((1, "李芳"), (2, "王静娜"), (3, "赵晨"))]
    feed.send(*near[:2])
    same([row[2] for row in pairs()], ["Y1", "Y1"], "two children at 250 m")
    feed.send(near[2])
    same([row[:3] for row in pairs()], [["child", "3", "Y1"]] * 3 + [["group", "3", "Y3"]], "three: one pair for all")
    feed.send((CHILDREN, "child", "n-3", None))
    same([row[2] for row in pairs()], ["Y1", "Y1"], "two again")
    released = time.strftime("%Y-%m-%d", time.localtime(time.time() - 5 * 86400))
    feed.send((CORRECTIONS, "risk", "r-1", dict(man, released_on=released)))
    same([row[1:3] for row in pairs()], [["2", "O2"]] * 2, "newly released")
    lost = dict(man, released_on=released, person=dict(man["person"], residence=[
        {"address": FAR.format(10), "as_of": time.strftime("%Y-%m-%d", time.localtime(time.time() - 45 * 86400))}]))
    feed.send((CORRECTIONS, "risk", "r-1", lost))
    same([row[:3] for row in pairs()], [["child", "2", "O2"]] * 2 + [["person", "2", "O5"]],
         "his address is older than its cycle")
    same(sql("SELECT evidence->'views' FROM pair WHERE rule = 'O5'"), [['["police", "judicial"]']], "who is asked where he is")
    same(number("SELECT count(*) FROM review_task WHERE kind = 'data_fault' AND state = 'open' AND detail->>'fault' = 'address_old'"),
         1, "and a task about the address")
    feed.send((CORRECTIONS, "risk", "r-1", man))
    same(number("SELECT count(*) FROM review_task WHERE kind = 'data_fault' AND state = 'open'"), 0, "the address was renewed")


def rules_of_class_b(feed):
    other = risk("沈某乙", "1979-08-09", 7, FAR.format(300), category="sexoff_adult", victim_minor=False)
    feed.send((CORRECTIONS, "risk", "r-2", other))
    same(class_b(), [["2", "O4", "in_review"]] * 2, "class B in the dwelling of two girls")
    next_door = FAR.format(300).replace("101室", "102室")
    moved = dict(other["person"], residence=[{"address": next_door, "as_of": TODAY}])
    feed.send((CORRECTIONS, "risk", "r-2", dict(other, person=moved)))
    same(class_b(), [["3", "Y2", "in_review"]] * 2, "in the flat beside theirs")
    volunteer = {"person": moved, "unit": "街道"}
    girl = child("罗小蕾", "2015-01-01", 2, FAR.format(300))
    feed.send((CHILDREN, "care_assignment", "t-1", {"person": girl["person"], "volunteers": [volunteer]}))
    same(class_b(), [["2", "O4", "in_review"], ["3", "Y2", "in_review"]], "and on the team of one of them")
    feed.send((CHILDREN, "care_assignment", "t-1", None), (CORRECTIONS, "risk", "r-2", None))
    same(class_b(), [], "both records withdrawn")


def class_b():
    return sql("""SELECT tier, rule, state FROM pair WHERE evidence->>'class' = 'B' AND state NOT IN ('retracted', 'expired')
                  ORDER BY tier""")


def what_is_only_counted():
    wait_until(lambda: number("SELECT count(*) FROM exposure_count") > 0, 20, "what is only counted")
    same(sql("SELECT area_code, pairs FROM exposure_count"), [["500111004002", "2"]], "the pupils of the same community")
    answer = review("hulei-rev1", "counted")
    same([(item["area"], item["few"], "pairs" in item) for item in answer["items"]], [("500111004002", True, False)],
         "a reviewer is told that there are few")
    same(review("hulei-rev1", "open", "500111004001")["error"], "unknown_area", "where nothing is counted nothing is opened")
    answer = review("hulei-rev1", "open", "500111004002")
    check(answer["ok"], f"a reviewer looks behind the count: {answer}")
    opened = lambda: sql("SELECT tier, rule, state FROM pair WHERE rule = 'B1' AND state NOT IN ('retracted', 'expired')")
    wait_until(lambda: opened() == [["4", "B1", "in_review"]] * 2, 20, "each pair has its review")
    same(number("SELECT count(*) FROM review_task t JOIN pair p USING (pair_id) WHERE p.rule = 'B1' AND t.state = 'open'"), 2,
         "a task each")
    same(sql("SELECT DISTINCT evidence->'views' FROM pair WHERE rule = 'B1'"), [['["police", "judicial"]']], "who may hear of it")
    same(value("SELECT actor FROM audit_entry WHERE action = 'counted_open'"), "rev1", "on record by name")


def proof():
    reset()
    engine = start_engine()
    Role("courier").await_log("feeds_assigned")
    Role("console").await_log("console_ready")
    feed = Feed()
    man = risk("尹某甲", "1980-03-04", 5, FAR.format(10))
    # 10 is his house, 20 lies 250 m from it, 300 far away; the pupils live at 300.
    feed.send(place(10, 105.75, 29.4901), place(20, 105.75, 29.4901 + 250 / 111195), place(300, 105.79, 29.4901),
              school(29.60), (CORRECTIONS, "risk", "r-1", man))
    girls = [child(f"罗小{name}", f"2015-0{i}-01", 2 * i, FAR.format(300)) for i, name in ((1, "蕾"), (2, "芬"))]
    feed.send(*[(CHILDREN, "child", f"c-{i}", girl) for i, girl in enumerate(girls)],
              *[(SCHOOLS, "enrolment", f"e-{i}", {"person": girl["person"], "school_id": "sch-1", "grade": "三年级"})
                for i, girl in enumerate(girls)])
    same(pairs(), [], "strangers far apart")
    rule_r3(feed, man)
    rules_of_the_gate(feed, man)
    rules_of_the_home(feed, man)
    rules_of_class_b(feed)
    before = pairs()
    engine.stop()
    start_engine()
    await_rest()
    same(pairs(), before, "the same after a new start")
    what_is_only_counted()
    return f"{feed.count} messages, {len(before)} pairs at the end"


if __name__ == "__main__":
    main(proof)
