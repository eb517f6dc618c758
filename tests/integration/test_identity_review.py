#!/usr/bin/env python3
"""The identity question before the decision: a probable person is confirmed by a named human and the pair accepted;
another answer parts two records and the pair goes; a frozen cluster asks whether two persons are one."""
from stack import *  # noqa: F403

HOME = "重庆市大足区双路街道双南路社区双南路12号2单元301室"
REVIEWER = "hulei-rev1"


def without_number(record):
    person = {name: text for name, text in record["person"].items() if name != "id_number"}
    return dict(record, person=person)


def send(*messages):
    before = counted()
    push_raw(list(messages))
    await_counted(before + len(messages))
    await_rest()


def pair():
    """The newest that names a child: a person of concern without an address that can be found has one of his own (O5)."""
    return sql("SELECT tier, rule, state, evidence->>'held', evidence->>'risk_grade' FROM pair WHERE subject = 'child' "
               "ORDER BY pair_id DESC LIMIT 1")[0]


def open_task(kind):
    return wait_until(lambda: value(f"SELECT t.public_id FROM review_task t LEFT JOIN pair p USING (pair_id) WHERE "
                                    f"t.state = 'open' AND t.kind = '{kind}' AND p.subject IS DISTINCT FROM 'person'"), 20,
                      f"an open {kind} task")


def applied():
    wait_until(lambda: number("SELECT count(*) FROM command WHERE applied_at IS NULL") == 0, 20,
               "the engine applies the answer")
    await_rest()


def confirm_and_accept():
    """One record without a number, in the child's dwelling: red, and held until a human knows whom it means."""
    girl = child("罗小蕾", "2015-06-01", 2, HOME)
    man = without_number(risk("尹某甲", "1980-03-04", 3, HOME))
    send(raw(CHILDREN, "child", "c-1", NOW, girl, "id-1"), raw(CORRECTIONS, "risk", "r-1", NOW, man, "id-2"))
    same(pair(), ["1", "R1", "in_review", "true", "probable"], "the held pair")
    task = open_task("pair")
    same(review(REVIEWER, "accept", task)["error"], "identity_first", "accept before the identity")
    listed = [row for row in review(REVIEWER, "list")["tasks"] if row["task"] == task][0]
    same(listed["identity"], "risk", "whose identity is asked first, in the list")

    sheet = review(REVIEWER, "identity", task)
    same((sheet["risk"]["grade"], len(sheet["risk"]["records"])), ("probable", 1), "the sheet of the person")
    record = sheet["risk"]["records"][0]
    same((record["department"], record["type"], record["as_of"], record["number"]),
         ("judicial", "risk", TODAY, "none"), "the record as the reviewer sees it")
    for user in ("root", "hulei-courier"):
        check(not review(user, "identity", task, "same", "--reason", "IDENTITY_DOCUMENT")["ok"], f"{user} decides")
    same(review(REVIEWER, "identity", task, "same", "--reason", "IDENTITY_DOCUMENT", "--seen", "0" * 16)["error"],
         "version_conflict", "an answer about other records")

    answer = review(REVIEWER, "identity", task, "same", "--reason", "IDENTITY_DOCUMENT", "--seen", sheet["risk"]["seen"])
    same((answer["ok"], answer["side"], answer["records"]), (True, "risk", 1), "the answer")
    applied()
    same(pair(), ["1", "R1", "in_review", "false", "confirmed"], "the pair after the answer")
    same(number("SELECT count(*) FROM person_event e JOIN person p USING (person_id)"
                " WHERE e.kind = 'graded' AND p.grade = 'confirmed'"), 1, "the better grade is an event")
    same(review(REVIEWER, "accept", task)["state"], "accepted", "accept")
    same(number("SELECT count(*) FROM alert WHERE msg = 'alert' AND decision_id IS NOT NULL"), 1, "the alert")
    return task


def survive_restart(engine):
    engine.stop()
    engine = start_engine()
    await_rest()
    same(pair(), ["1", "R1", "accepted", "false", "confirmed"], "the pair after a restart")
    return engine


def take_back(task):
    """A new answer on the closed task: the person is probable again, and the accepted pair is reviewed again."""
    same(review(REVIEWER, "identity", task, "same", "--reason", "IDENTITY_KNOWN")["error"], "impossible",
         "a closed sheet")
    check(review("hulei-rev2", "identity", task, "unsure", "--side", "risk", "--reason", "IDENTITY_MISTAKE")["ok"],
          "an answer is taken back")
    applied()
    same(pair(), ["1", "R1", "in_review", "true", "probable"], "the pair whose ground was taken back")
    check(review(REVIEWER, "identity", open_task("pair"), "same", "--reason", "IDENTITY_KNOWN")["ok"], "and given again")
    applied()
    check(review(REVIEWER, "accept", open_task("pair"))["ok"], "accepted again")


def split_and_withdraw():
    """The named carer bears the name and birth date of a person of concern; they are two men."""
    carer = {"name": "钱大军", "sex": "male", "birth_date": "1975-08-09"}
    girl = child("周雨桐", "2016-02-03", 4, HOME.replace("12号", "77号"),
                 guardians=[{"role": "entrusted", "relation": "other", "person": carer}])
    man = without_number(risk("钱大军", "1975-08-09", 5, "重庆市大足区龙水镇"))
    send(raw(CHILDREN, "child", "c-2", NOW, girl, "id-3"), raw(CORRECTIONS, "risk", "r-2", NOW, man, "id-4"))
    same(pair(), ["1", "R2", "in_review", "true", "probable"], "the carer is the person of concern")
    task = open_task("pair")
    sheet = review(REVIEWER, "identity", task)
    records = {record["role"]: record for record in sheet["risk"]["records"]}
    same(sorted(records), ["entrusted", "own"], "two records of one person")
    same((records["own"]["closest"]["name"], records["own"]["closest"]["birth"], records["own"]["closest"]["ref"]),
         ("exact", "equal", records["entrusted"]["ref"]), "what agrees")
    answer = review(REVIEWER, "identity", task, "different", "--reason", "IDENTITY_DOCUMENT", "--apart",
                    str(records["entrusted"]["ref"]), "--seen", sheet["risk"]["seen"])
    check(answer["ok"], f"different: {answer}")
    applied()
    same(pair()[2], "retracted", "the pair without its ground")
    same(value(f"SELECT state FROM review_task WHERE public_id = '{task}'"), "cancelled", "its task")
    same(number("SELECT count(*) FROM person_event WHERE kind = 'split'"), 1, "the split")
    # The same records sent anew stay apart.
    send(raw(CORRECTIONS, "risk", "r-2", NOW, dict(man, sentence_months=84), "id-5"))
    same(pair()[2], "retracted", "the pair after an update")


def ask_about_frozen():
    """Two namesakes with valid numbers, and a pupil without one who fits both: nobody is joined but by a human."""
    place = HOME.replace("12号", "90号")
    pupil = {"person": without_number(child("欧阳晓月", "2013-11-12", 14, place))["person"], "school_id": "s-1",
             "grade": "六年级"}
    send(*(raw(CHILDREN, "child", subject, NOW, child("欧阳晓月", "2013-11-12", serial, place), f"id-{subject}")
           for serial, subject in ((10, "c-3"), (12, "c-4"))))
    send(raw(SCHOOLS, "enrolment", "e-1", NOW, pupil, "id-pupil"))
    task = open_task("identity")
    sheet = review(REVIEWER, "show", task)
    records = sheet["first"]["records"] + sheet["second"]["records"]
    same(sorted(record["type"] for record in records), ["child", "enrolment"], "the records on the sheet")
    same({(record["closest"]["name"], record["closest"]["birth"]) for record in records}, {("exact", "equal")},
         "what joins them")
    same(sheet["first"]["seen"], sheet["second"]["seen"], "one set is asked about")
    check(review(REVIEWER, "identity", task, "same", "--reason", "IDENTITY_OWNER_ASKED", "--seen",
                 sheet["first"]["seen"])["ok"], "joined")
    applied()
    same(sql("SELECT n.grade, count(*) FROM mention m JOIN record r USING (record_id) JOIN person n USING (person_id)"
             " WHERE r.subject IN ('e-1', 'c-3', 'c-4') GROUP BY person_id, n.grade ORDER BY 2"),
         [["strong", "1"], ["confirmed", "2"]], "the persons after the answer")
    # The other namesake still looks like the pupil.
    check(review(REVIEWER, "identity", open_task("identity"), "different", "--reason", "IDENTITY_OWNER_ASKED")["ok"],
          "kept apart")
    applied()
    send(raw(SCHOOLS, "enrolment", "e-1", NOW, dict(pupil, grade="七年级"), "id-again"))
    same(number("SELECT count(*) FROM review_task WHERE kind = 'identity' AND state = 'open'"), 0,
         "what was answered is not asked again")


def alias_follows_its_record():
    """An enrolment is taken for another child's and set right again: the id it had leads to it all the time."""
    where = "SELECT m.person_id FROM mention m JOIN record r USING (record_id) WHERE r.subject = 'e-2' AND m.slot = 0"
    first, second = (child(name, born, serial, HOME.replace("12号", "95号"))["person"]
                     for name, born, serial in (("蒋思源", "2014-03-04", 21), ("龚梓涵", "2012-09-08", 22)))

    def enrol(person, event):
        send(raw(SCHOOLS, "enrolment", "e-2", NOW, {"person": person, "school_id": "s-2", "grade": "五年级"}, event))
        return number(where)

    send(raw(CHILDREN, "child", "c-5", NOW, child("蒋思源", "2014-03-04", 21, HOME.replace("12号", "95号")), "id-c5"))
    own = enrol(second, "id-e2")
    taken = enrol(first, "id-e2-wrong")
    check(taken != own, "the enrolment is the other child's")
    leads_to = f"SELECT alias_of FROM person WHERE person_id = {own}"
    same(number(leads_to), taken, "the alias after the merge")
    right = enrol(second, "id-e2-right")
    check(right != taken, "the enrolment is its own child's again")
    same(number(leads_to), right, "the alias after the split")
    same(number("SELECT count(*) FROM person a JOIN person p ON p.person_id = a.alias_of WHERE p.alias_of IS NOT NULL"), 0,
         "aliases of aliases")


def proof():
    reset()
    engine = start_engine()
    Role("courier").await_log("feeds_assigned")  # posts come from its configuration
    Role("console").await_log("console_ready")
    task = confirm_and_accept()
    survive_restart(engine)
    take_back(task)
    split_and_withdraw()
    ask_about_frozen()
    alias_follows_its_record()
    answers = sql("SELECT action, count(*) FROM audit_entry WHERE action LIKE 'identity_%' GROUP BY 1 ORDER BY 1")
    same(answers, [["identity_different", "2"], ["identity_same", "3"], ["identity_unsure", "1"]], "audit entries")
    same(number("SELECT count(*) FROM identity_review"), 6, "answers on record")
    same(sql("SELECT * FROM audit_verify()"), [], "faults of the audit chain")
    return f"{len(answers)} kinds of answers, {counted()} records"


if __name__ == "__main__":
    main(proof)
