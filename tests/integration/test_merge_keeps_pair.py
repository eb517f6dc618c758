#!/usr/bin/env python3
"""A child who turns out to be somebody known takes her pair along: the decision, the alert and a rejection stay."""
from stack import *  # noqa: F403

ADDRESSES_OF = {"accept": "重庆市大足区双路街道双南路社区双南路12号2单元301室",
                "reject": "重庆市大足区双路街道双南路社区双南路88号1单元102室"}


def minute(n):
    return f"2026-03-01T10:{n:02d}:00+08:00"


def meet(verdict, serial):
    """A pupil, and a child of another name at a man's address: one pair, decided. Answers what the child's record says
    once her name is put right."""
    girl = {"name": "罗小蕾" if serial == 1 else "冯晨曦", "sex": "female", "birth_date": "2015-06-01",
            "id_number": citizen_number("500111", "2015-06-01", serial * 2)}
    address = ADDRESSES_OF[verdict]
    unknown = {"name": "周雨桐" if serial == 1 else "谢梓涵", "sex": "female", "birth_date": "2014-02-03",
               "id_number": citizen_number("500111", "2014-02-03", serial * 2),
               "residence": [{"address": address, "as_of": TODAY}]}
    child_data = {"circumstances": ["left_behind"], "status": "active"}
    before = counted()
    push_raw([raw(SCHOOLS, "enrolment", f"e-{serial}", minute(0), {"person": girl, "school_id": "s-1", "grade": "三年级"},
                  f"e{serial}")])
    await_counted(before + 1)
    push_raw([raw(CHILDREN, "child", f"c-{serial}", minute(1), dict(child_data, person=unknown), f"c{serial}"),
              raw(CORRECTIONS, "risk", f"r-{serial}", minute(2),
                  risk(f"尹强{serial}", "1980-03-04", serial * 2 + 1, address), f"r{serial}")])
    await_counted(before + 3)
    task = wait_until(lambda: value("SELECT public_id FROM review_task WHERE state = 'open' AND kind = 'pair'"), 20,
                      "a review task")
    await_rest()
    answer = review("hulei-rev1", verdict, task, *(("--reason", "REJECT_NOT_NEAR") if verdict == "reject" else ()))
    check(answer["ok"], f"{verdict}: {answer}")
    known = dict(child_data, person=dict(girl, residence=unknown["residence"]))
    return raw(CHILDREN, "child", f"c-{serial}", minute(3), known, f"c{serial}b")


def persons():
    return number("SELECT count(DISTINCT person_id) FROM mention")


def proof():
    reset()
    roles = [start_engine(), Role("courier"), Role("console")]
    roles[1].await_log("feeds_assigned")  # it brings the posts
    roles[2].await_log("console_ready")
    better = [meet("accept", 1), meet("reject", 2)]
    same(sql("SELECT state FROM pair ORDER BY pair_id"), [["accepted"], ["rejected"]], "two decided pairs")
    before, of_pairs = persons(), sql("SELECT pair_id, child_person FROM pair ORDER BY pair_id")
    push_raw(better)
    wait_until(lambda: persons() == before - 2, 20, "each child is the pupil")
    await_rest()
    for role in roles:
        role.stop()
    same(number("SELECT count(*) FROM audit_entry WHERE action = 'pair_moved'"), 2, "pairs that moved")
    after = sql("SELECT pair_id, child_person FROM pair ORDER BY pair_id")
    same([row[0] for row in after], [row[0] for row in of_pairs], "the same pairs")
    check(all(new[1] != old[1] for new, old in zip(after, of_pairs)), "under the persons that stay")
    same(number("SELECT count(*) FROM alert WHERE msg = 'cancel'"), 0, "cancelled alerts")
    same(number("SELECT count(*) FROM pair_log WHERE event = 'retract'"), 0, "retracted pairs")
    return str(sql("SELECT state, version FROM pair ORDER BY pair_id"))


if __name__ == "__main__":
    main(proof)
