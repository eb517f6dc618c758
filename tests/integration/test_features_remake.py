#!/usr/bin/env python3
"""A program whose features are of another version than the stored ones: they are made anew of the sealed records, a
stop in between goes on where it was, and persons and pairs stay as they were."""
from stack import *  # noqa: F403

HOMES = 12


def family(n):
    """A child in two records, and a person of concern in the same house."""
    home = STREET + f"{10 + n}号1单元101室"
    girl = child(f"诸葛{'晓雨子'[n % 3]}{'萌涵'[n % 2]}", f"2015-{1 + n:02d}-11", 2 * n + 2, home)
    man = risk(f"尉迟{'建国志'[n % 3]}{'平明'[n % 2]}", f"1978-{1 + n:02d}-03", 2 * n + 3, home)
    return [raw(CHILDREN, "child", f"c-{n}", NOW, girl, f"f-{n}-1"),
            raw(SCHOOLS, "enrolment", f"e-{n}", NOW, {"person": girl["person"], "school_id": "s-1", "grade": "3"},
                f"f-{n}-2"),
            raw(CORRECTIONS, "risk", f"r-{n}", NOW, man, f"f-{n}-3")]


def outcome():
    return (sql("SELECT mention_id, person_id FROM mention ORDER BY 1"),
            sql("SELECT pair_id, child_person, risk_person, tier, state FROM pair ORDER BY 1"))


def spoil(first_record):
    """As another version of the program left them: nothing of them can be used."""
    sql(f"UPDATE mention SET features = '\\x00' WHERE record_id >= {first_record}")
    sql(f"UPDATE record SET facts = '\\x00' WHERE state = 'live' AND record_id >= {first_record}")
    sql(f"DELETE FROM card USING mention m WHERE m.mention_id = card.mention_id AND m.record_id >= {first_record}")
    sql(f"UPDATE place SET features = '\\x00' WHERE record_id >= {first_record}")


def unusable():
    return number("SELECT (SELECT count(*) FROM mention WHERE length(features) < 40) +"
                  " (SELECT count(*) FROM mention WHERE NOT EXISTS (SELECT FROM card c WHERE c.mention_id = mention.mention_id)) +"
                  " (SELECT count(*) FROM record WHERE length(facts) < 40) +"
                  " (SELECT count(*) FROM place WHERE length(features) < 40)")


def restart_and_compare(before, version):
    engine = start_engine()
    await_rest()
    same(unusable(), 0, "features that cannot be used")
    same(outcome(), before, "persons and pairs")
    same(sql("SELECT version, next_record FROM features_state"), [[version, ""]], "the version on record")
    return engine


def proof():
    reset()
    engine = start_engine()
    messages = [message for n in range(HOMES) for message in family(n)]
    messages.append(raw(ADDRESSES, "place", "p-1", NOW, {"place_id": "p-1", "address": STREET + "10号"}, "f-p"))
    push_raw(messages)
    await_counted(len(messages))
    await_rest()
    engine.stop()
    before = outcome()
    check(len(before[1]) >= HOMES, f"{len(before[1])} pairs")
    version = value("SELECT version FROM features_state")

    spoil(0)
    sql("UPDATE features_state SET version = '1.1.1'")
    restart_and_compare(before, version).stop()

    # Stopped in between: the records before are done, those behind are not.
    middle = number("SELECT max(record_id) / 2 FROM record")
    spoil(middle)
    sql(f"UPDATE features_state SET next_record = {middle}")
    engine = restart_and_compare(before, version)

    # What was made anew is what the next version of a record is compared with.
    push_raw([raw(CHILDREN, "child", "c-1", "2026-12-01T08:00:00+08:00",
                  child("诸葛雨涵", "2015-02-11", 4, STREET + "11号1单元101室"), "f-again")])
    await_counted(len(messages) + 1)
    await_rest()
    same(len(outcome()[1]), len(before[1]), "pairs after an update")
    engine.stop()
    return f"{len(before[0])} mentions, {len(before[1])} pairs as before"


if __name__ == "__main__":
    main(proof)
