"""Many reviewers at one queue, each a request every two seconds, beside an engine at work: how long answers take, and
whether a decision was lost or made twice. Real records are behind the tasks. Judges no time."""
import random
import threading
import time

from console_http import open_session
from emergency import percentile
from emergency_load import flow, renew
from stack import (ADDRESSES, CHILDREN, CORRECTIONS, GIVEN, NOW, STREET, SURNAMES, TODAY, Role, await_counted, await_rest, check,
                   citizen_number, counted, number, push_raw, raw, reset, same, sql, start_engine, sub_district, value, wait_until)

EVERY_S = 2
ROAD = STREET[:-3] + "双东路"  # not where the ordinary records live
GRID = 40  # places a row; 1.1 km apart, so that no pair is about neighbours
VERDICTS = [("reject", "REJECT_NOT_NEAR"), ("needs_info", "NEEDS_ADDRESS"), ("accept", "ACCEPT_CONFIRMED")]
# What a colleague was quicker in; everything else that is no good answer fails the proof.
QUICKER = {"task_closed", "not_claimed", "version_conflict", "not_found", "impossible"}


def household(at, dice):
    """A child and a person of concern in one flat, far from all others."""
    born = (f"201{at % 5 + 2}-{at // 5 % 12 + 1:02d}-{at // 60 % 28 + 1:02d}", f"19{at % 20 + 70}-{at // 20 % 12 + 1:02d}-15")
    serial = 2 * (at // 1680) % 400
    address = f"{ROAD}{at + 1}号1单元101室"
    place = {"place_id": f"f-{at}", "address": address, "location": {"crs": "CGCS2000", "lon": 105.3 + 0.0115 * (at % GRID),
                                                                     "lat": 29.3 + 0.01 * (at // GRID)}}
    people = []
    for kind, birth, sex in (("child", born[0], "female"), ("risk", born[1], "male")):
        people.append({"person": {
            "name": dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN), "sex": sex, "birth_date": birth,
            "id_number": citizen_number("500111", birth, serial + (sex == "male")),
            "residence": [{"address": address, "as_of": TODAY}]}})
    people[0].update(circumstances=["left_behind"], status="active")
    people[1].update(category="sexoff_minor", offence_date="2015-01-02", judgment_date="2015-06-02", disposition="conviction",
                     sentence_months=72, victim_minor=True)
    return [raw(ADDRESSES, "place", f"f-{at}", NOW, place, f"fp-{at}"), raw(CHILDREN, "child", f"fc-{at}", NOW, people[0], f"fc-{at}"),
            raw(CORRECTIONS, "risk", f"fr-{at}", NOW, people[1], f"fr-{at}")]


class Reviewer(threading.Thread):
    """List, claim, sheet, decision, counts; one of them every two seconds, like everybody else."""

    def __init__(self, place, until):
        super().__init__(daemon=True)
        self.name_ = f"fifty-{place:02d}"
        self.browser = open_session(self.name_, "reviewer")
        self.dice = random.Random(place)
        self.until, self.place = until, place
        self.times, self.decided, self.faults, self.task = [], [], [], None
        self.quicker = 0

    def ask(self, method, path, body=None):
        at = time.monotonic()
        answer = self.browser.ask(method, path, body)
        self.times.append((method + " " + path.split("?")[0].replace(str(self.task), "{task}"), 1000 * (time.monotonic() - at)))
        if answer.status == 200:
            return answer.json
        if answer.code in QUICKER:
            self.quicker += 1
        else:
            self.faults.append(f"{method} {path}: {answer.status} {answer.code}")
        self.task = None
        return None

    def decide(self):
        verdict, reason = self.dice.choices(VERDICTS, weights=(5, 3, 2))[0]
        body = {"verdict": verdict, "reason": reason, "version": self.version}
        if self.ask("POST", f"/api/tasks/{self.task}/decision", body):
            self.decided.append((self.task, self.version, verdict))

    def steps(self):
        while True:
            self.task = None
            page = self.ask("GET", "/api/tasks?kind=pair&limit=50")
            yield
            free = [row for row in (page or {"items": []})["items"] if row["claimed_by"] is None] or (page or {"items": []})["items"]
            if not free:
                continue
            self.task = self.dice.choice(free[:20])["task"]
            if not self.ask("POST", f"/api/tasks/{self.task}/claim"):
                yield
                continue
            yield
            sheet = self.ask("GET", f"/api/tasks/{self.task}")
            yield
            if sheet is None:
                continue
            self.version = sheet["version"]
            self.decide()
            yield
            self.ask("GET", "/api/tasks/counts")
            yield

    def run(self):
        next_at = time.monotonic() + EVERY_S * self.dice.random()
        for _ in self.steps():
            next_at += EVERY_S
            if next_at > self.until:
                return
            time.sleep(max(0, next_at - time.monotonic()))


def judge(reviewers):
    """Every answer has its decision, every decision its answer, no task two; the engine took note of each."""
    faults = [fault for one in reviewers for fault in one.faults]
    same(faults[:5], [], f"{len(faults)} answers that are no good ones")
    told = [(one.name_, task, verdict) for one in reviewers for task, _, verdict in one.decided]
    looked_at = [(task, version) for one in reviewers for task, version, _ in one.decided]
    same(len(looked_at), len(set(looked_at)), "what was looked at, decided once")
    kept = sql("SELECT a.name, t.public_id, d.verdict FROM decision d JOIN account a USING (account_id) LEFT JOIN review_task t "
               "USING (task_id) WHERE a.name LIKE 'fifty-%'")
    same(sorted(map(tuple, kept)), sorted(told), "decisions told and kept")
    same(number("SELECT count(*) FROM (SELECT pair_id, pair_version FROM decision GROUP BY 1, 2 HAVING count(*) > 1) AS d"), 0,
         "versions of a pair decided twice")
    same(sql("SELECT * FROM audit_verify()"), [], "faults of the audit chain")
    return len(told)


def figures(reviewers, seconds):
    times = [ms for one in reviewers for _, ms in one.times]
    lines = [f"{len(times)} requests in {seconds:.0f} s ({len(times) / seconds:.0f}/s): median {percentile(times, 0.5):.0f} ms, p95 "
             f"{percentile(times, 0.95):.0f} ms, p99 {percentile(times, 0.99):.0f} ms, most {max(times):.0f} ms"]
    for route in sorted({route for one in reviewers for route, _ in one.times}):
        mine = [ms for one in reviewers for name, ms in one.times if name == route]
        lines.append(f"  {route:34} {len(mine):6}  median {percentile(mine, 0.5):4.0f} ms  p95 {percentile(mine, 0.95):4.0f} ms")
    return "\n".join(lines)


def fill(count):
    dice = random.Random(7)
    push_raw([message for at in range(count) for message in household(at, dice)])
    await_counted(3 * count, 300)
    await_rest(300)
    tasks = number("SELECT count(*) FROM review_task WHERE state = 'open' AND kind = 'pair'")
    check(tasks >= 0.95 * count, f"{tasks} tasks for {count} households")
    return tasks


def prove(reviewers, seconds, per_second, households):
    """Figures as text. `per_second`: ordinary records that flow through the engine meanwhile; 0: none."""
    reset()
    engine = start_engine()
    Role("courier").await_log("feeds_assigned")
    Role("console").await_log("event=console_ready", 60)
    tasks = fill(households)
    people = [Reviewer(place, 0) for place in range(reviewers)]
    messages = renew(sub_district(2000, 5), seconds * per_second // 2000 + 1) if per_second else []
    before, started = counted(), time.monotonic()
    until = started + seconds
    pusher = threading.Thread(target=flow, args=(messages, per_second, until)) if per_second else None
    if pusher:
        pusher.start()
    for one in people:
        one.until = until
        one.start()
    for one in people:
        one.join(seconds + 60)
        check(not one.is_alive(), f"{one.name_} still waits for an answer")
    took, flowed = time.monotonic() - started, counted() - before
    if pusher:
        pusher.join()
    wait_until(lambda: value("SELECT count(*) FROM command WHERE applied_at IS NULL") == "0", 120, "the engine takes note of all")
    decided = judge(people)
    check(engine.is_running() and decided > 0, "the engine runs, and something was decided")
    return (f"{reviewers} reviewers, {tasks} tasks, {flowed / took:.0f} records/s taken by the engine; {decided} decisions, each "
            f"once; {sum(one.quicker for one in people)} times a colleague was quicker\n{figures(people, took)}")
