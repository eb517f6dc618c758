#!/usr/bin/env python3
"""Who is with a child, and what became of a person of concern: teams and papers make pairs (R2) and unmake them when
they end; a death, an upheld appeal and the years of retention take pairs back; a withdrawn record does, too."""
from stack import *  # noqa: F403

FAR, HOME = STREET + "1号1单元101室", STREET + "90号1单元101室"
GIRL = child("罗小蕾", "2015-06-01", 2, HOME)
LATER = time.strftime("%Y-%m-%d", time.localtime(time.time() + 400 * 86400))
PAST = time.strftime("%Y-%m-%d", time.localtime(time.time() - 2 * 86400))


class Feed:
    """Numbered messages, each newer than the one before."""

    def __init__(self):
        self.count = 0

    def send(self, topic, kind, subject, data):
        self.count += 1
        when = time.strftime("%Y-%m-%dT%H:%M:%S+08:00", time.gmtime(time.time() + 8 * 3600 - 3600 + self.count))
        push_raw([raw(topic, kind, subject, when, data, f"e-{self.count}")])
        await_counted(self.count)
        await_rest()


def pairs():
    return sql("SELECT tier, rule, state FROM pair WHERE state NOT IN ('retracted', 'closed', 'expired') ORDER BY 1, 2")


def team(volunteer, **more):
    return dict({"person": GIRL["person"], "volunteers": [{"person": volunteer, "unit": "街道"}]}, **more)


def status(man, event, **more):
    return dict({"person": man["person"], "event": event, "on": PAST}, **more)


def teams_and_papers(feed, man):
    """A volunteer and an entrusted person who is of concern: red by R2, whatever the distance."""
    feed.send(CHILDREN, "care_assignment", "t-1", team(man["person"], to=LATER))
    same(pairs(), [["1", "R2", "in_review"]], "a volunteer of the team")
    feed.send(CHILDREN, "care_assignment", "t-1", team(man["person"], to=PAST))
    same(pairs(), [], "a team of the past")
    feed.send(CHILDREN, "guardian_document", "d-1", {"person": GIRL["person"], "kind": "entrustment", "signed": PAST,
                                                     "entrusted": {"person": man["person"]}})
    same(pairs(), [["1", "R2", "in_review"]], "the person entrusted with the child")
    feed.send(CHILDREN, "guardian_document", "d-1", None)
    same(pairs(), [], "a paper withdrawn")
    feed.send(CHILDREN, "care_assignment", "t-1", team(man["person"], to=LATER))
    same(pairs(), [["1", "R2", "in_review"]], "back in the team")


def what_became_of_him(feed, man):
    feed.send(CORRECTIONS, "risk_status", "s-1", status(man, "appeal_upheld", record={"subject": "r-none"}))
    same(pairs(), [["1", "R2", "in_review"]], "an appeal in another matter")
    feed.send(CORRECTIONS, "risk_status", "s-1", status(man, "appeal_upheld", record={"subject": "r-1"}))
    same(pairs(), [], "an upheld appeal")
    feed.send(CORRECTIONS, "risk_status", "s-1", None)
    same(pairs(), [["1", "R2", "in_review"]], "the event withdrawn")
    feed.send(CORRECTIONS, "risk_status", "s-2", status(man, "death"))
    same(pairs(), [], "a death")
    feed.send(CORRECTIONS, "risk_status", "s-2", None)
    feed.send(CORRECTIONS, "risk", "r-1", dict(man, released_on="2019-01-01"))
    same(pairs(), [], "five years after release")
    wait_until(lambda: number("SELECT count(*) FROM record WHERE subject = 'r-1'") == 0, 10, "what is past its end goes")
    feed.send(CORRECTIONS, "risk", "r-1", man)
    same(pairs(), [], "the same case again is no new basis")
    feed.send(CORRECTIONS, "risk", "r-1", dict(man, case_ref="（2024）刑再1号"))
    same(pairs(), [["1", "R2", "in_review"]], "another case, released lately")


def orders(feed, man):
    """An order alone, without any record of the offence, is of no concern at home; the register keeps it."""
    other = dict(man["person"], name="尤某乙", id_number=citizen_number("500111", "1975-02-03", 33),
                 birth_date="1975-02-03", residence=[{"address": HOME, "as_of": TODAY}])
    before = pairs()
    feed.send(CORRECTIONS, "order", "o-1", {"person": other, "kind": "occupation_ban", "scope": ["care_work"],
                                            "from": PAST, "judgment": "（2026）刑字1号"})
    same(pairs(), before, "a ban from work says nothing of a home")
    same(number("SELECT count(*) FROM record WHERE subject = 'o-1' AND state = 'live'"), 1, "the order is kept")


def proof():
    reset()
    engine = start_engine()
    feed = Feed()
    man = risk("尹某甲", "1980-03-04", 5, FAR)
    feed.send(CHILDREN, "child", "c-1", GIRL)
    feed.send(CORRECTIONS, "risk", "r-1", man)
    same(pairs(), [], "strangers far apart")
    teams_and_papers(feed, man)
    what_became_of_him(feed, man)
    orders(feed, man)
    engine.stop()
    start_engine()
    await_rest()
    same(pairs(), [["1", "R2", "in_review"]], "the same after a new start")
    return f"{feed.count} messages"


if __name__ == "__main__":
    main(proof)
