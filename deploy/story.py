#!/usr/bin/env python3
"""The demo's story after the stack is up: push, review, delivery, acknowledgement, accounting. Run by deploy/demo.

Uses only the program's own commands, psql and kcat; changes no table but the length of the undo window.
"""
import collections
import csv
import glob
import json
import os
import subprocess
import sys
import time

RUN = os.environ["HULEI_RUN"]
BIN = os.environ["HULEI_BIN"]
CONFIG = os.environ["HULEI_CONFIG"]
REVIEWERS = ("hulei-rev1", "hulei-rev2")
TIERS = {1: "red", 2: "orange", 3: "yellow", 4: "blue"}
ORANGE_MAX = 40  # reviewed by script; the others wait, as they would
FROZEN_MAX = 10  # likewise of the tasks that ask whether two persons are one
UNDO_SECONDS = 2  # 60 in earnest
# What no check lets pass, sent by a department that does not check.
BAD_LINES = ['{"subject": "bad-1", "time": "2026-03-01T08:00:00+08:00", "data": {"status": "active"}}\n',
             '{"subject": "bad-2", "time": "2026-03-01T08:00:00+08:00", "data": {"person": {"name": 7}}}\n']


class Failure(Exception):
    """A check of the story that did not hold."""


def check(condition, what):
    if not condition:
        raise Failure(what)
    print(f"  ok  {what}")


def step(text):
    print(f"\n== {text}", flush=True)


def sql(text):
    done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-U", "postgres"],
                          input="SET search_path = hulei;\n" + text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure("psql: " + done.stderr.strip())
    return [line.split("\t") for line in done.stdout.splitlines()]


def number(text):
    return int(sql(text)[0][0] or 0)


def wait_until(condition, seconds, what):
    limit = time.monotonic() + seconds
    while not condition():
        check_roles()
        if time.monotonic() > limit:
            raise Failure(f"not within {seconds} s: {what}")
        time.sleep(0.3)


def check_roles():
    for role in ("engine", "courier", "console"):
        with open(f"{RUN}/{role}/pid", encoding="ascii") as file:
            if not os.path.exists(f"/proc/{int(file.read())}"):
                raise Failure(f"the {role} has stopped, see {RUN}/log/{role}.log")


def hulei(*arguments, user=None):
    command = [BIN, *arguments]
    environment = {"PATH": os.environ["PATH"], "HULEI_CONFIG": CONFIG, "LANG": "C.UTF-8"}
    if user is not None:
        command = ["runuser", "-u", user, "--", *command]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd="/")


def kcat(principal, *arguments):
    return subprocess.run(["kcat", "-F", f"{RUN}/secrets/{principal}.kcat", *arguments], capture_output=True, text=True,
                          timeout=60, check=False)


# ---- push ----

def feed_files():
    """Addresses first, then schools: so the index places the rest at once."""
    files = glob.glob(f"{RUN}/county/hulei.feed.*.ndjson")
    order = ("addresses", "schools", "children", "corrections", "persons")
    return sorted(files, key=lambda path: order.index(path.split(".")[-2]))


def counted():
    return {row[0]: int(row[1]) for row in
            sql("SELECT outcome, sum(n) FROM feed_counter WHERE outcome <> 'sealed' GROUP BY outcome")}


def accounting(pushed):
    counts = counted()
    parts = [counts.get(word, 0) for word in ("accepted", "unchanged", "superseded", "refused")]
    print("  pushed {} = accepted {} + unchanged {} + superseded {} + refused {}".format(pushed, *parts))
    check(pushed == sum(parts), "every record is accounted for")
    parked = number("SELECT count(*) FROM parked")
    sealed = number("SELECT coalesce(sum(n), 0) FROM feed_counter WHERE outcome = 'sealed'")
    check(parts[3] == parked + sealed, f"every refused one is parked ({parked}) or, if sealed, dropped ({sealed})")
    check(parked > 0, "some are parked: `hulei quarantine list`")


def push_file(topic, path, *options):
    """What `hulei feed push` took."""
    done = hulei("feed", "push", "--quiet", "--topic", topic, *options, path)
    note = " (unchecked)" if "--unchecked" in options else ""
    print(f"  {topic:40} {(done.stdout or done.stderr).strip().splitlines()[-1]}{note}")
    return int(done.stdout.split("pushed ")[1].split(",")[0]) if "pushed " in done.stdout else 0


def push_topic(path):
    """A file as its department sends it; then what its own check held back, as one without a check would send it."""
    topic = os.path.basename(path)[:-len(".ndjson")]
    rejects, rest = f"{RUN}/county/rejects.csv", f"{RUN}/county/unchecked.ndjson"
    pushed = push_file(topic, path, "--rejects", rejects)
    with open(rejects, encoding="utf-8", newline="") as file:
        refused = {int(row["row"]) for row in csv.DictReader(file)}
    with open(path, encoding="utf-8") as file:
        lines = [line for number_, line in enumerate(file, 1) if number_ in refused]
    if topic == "hulei.feed.civil-affairs.children":
        lines += BAD_LINES
    with open(rest, "w", encoding="utf-8") as file:
        file.writelines(lines)
    return pushed + (push_file(topic, rest, "--unchecked") if lines else 0)


def push():
    step("the departments push")
    wait_until(lambda: os.path.exists(f"{RUN}/console/console.sock"), 60, "the console listens")
    wait_until(lambda: number("SELECT count(*) FROM role_status") >= 3, 60, "every role has said a word")
    pushed, started = 0, time.monotonic()
    for path in feed_files():
        pushed += push_topic(path)
    check(pushed > 0, "records are in Kafka")
    wait_until(lambda: sum(counted().values()) >= pushed, 1800, "the engine has read everything")
    print(f"  {pushed} records in {time.monotonic() - started:.1f} s, push and processing")
    accounting(pushed)
    with open(f"{RUN}/county/pushed", "w", encoding="ascii") as file:
        file.write(str(pushed))


# ---- what came out ----

def show():
    step("what came out")
    rows = [("live records", "record WHERE state = 'live'"), ("mentions", "mention"),
            ("persons", "person WHERE alias_of IS NULL"), ("pairs", "pair"),
            ("open review tasks", "review_task WHERE state = 'open'")]
    for title, table in rows:
        print(f"  {title:20} {number('SELECT count(*) FROM ' + table):>9}")
    for tier, rule, count in sql("SELECT tier, rule, count(*) FROM pair GROUP BY tier, rule ORDER BY tier, rule"):
        print(f"  {TIERS[int(tier)]:8} {rule:10} {count:>9}")


# ---- review ----

def open_tasks(user, kind):
    done = hulei("review", "list", "--json", user=user)
    if done.returncode != 0:
        raise Failure("review list: " + done.stderr.strip())
    return [task for task in json.loads(done.stdout)["tasks"] if task["kind"] == kind]


def truth():
    """{(source, type, subject, slot): person}: what a reviewer learns from the papers, the script from the county."""
    with open(f"{RUN}/county/truth_clusters.csv", encoding="utf-8", newline="") as file:
        return {(row["source"], row["type"], row["subject"], row["slot"]): row["person"] for row in csv.DictReader(file)}


def truth_tiers():
    """How many pairs of each tier there are to find."""
    with open(f"{RUN}/county/truth_pairs.csv", encoding="utf-8", newline="") as file:
        return collections.Counter(int(row["tier"]) for row in csv.DictReader(file) if row["hidden"] == "0")


def persons_of(records, known):
    """{ref: person in truth} of a sheet's records."""
    refs = {record["ref"]: record["type"] for record in records}
    rows = sql("SELECT m.mention_id, s.urn, r.subject, m.slot FROM mention m JOIN record r USING (record_id)"
               f" JOIN source s USING (source_id) WHERE m.mention_id IN ({','.join(map(str, refs))})")
    return {int(ref): known.get((urn, refs[int(ref)], subject, slot)) for ref, urn, subject, slot in rows}


def answer(task, user, side, records, known):
    """The identity question of one side of a pair, or of both persons of an identity task."""
    persons = persons_of(records, known)
    own = next((persons[record["ref"]] for record in records if record["role"] == "own"), next(iter(persons.values())))
    apart = [str(ref) for ref, person in persons.items() if person != own]
    words = ["different" if apart else "same", "--reason", "IDENTITY_DOCUMENT"]
    if side is not None:
        words += ["--side", side] + (["--apart", ",".join(apart)] if apart else [])
    done = hulei("review", "identity", task, *words, user=user)
    return words[0] if done.returncode == 0 else done.stderr.strip().removeprefix("hulei review: ")


def ask_identities(tasks, known):
    """Every question that comes before a decision; the looks and the answers are on record."""
    said = collections.Counter()
    for index, task in enumerate(tasks):
        user = REVIEWERS[index % 2]
        sheet = json.loads(hulei("review", "identity", task["task"], "--json", user=user).stdout)
        if not sheet["ok"]:
            said["closed by an earlier answer"] += 1
            continue
        if task["kind"] == "identity":
            said[answer(task["task"], user, None, sheet["first"]["records"] + sheet["second"]["records"], known)] += 1
            continue
        for side in task["identity"].split("+"):
            said[answer(task["task"], user, side, sheet[side]["records"], known)] += 1
    wait_until(lambda: number("SELECT count(*) FROM command WHERE applied_at IS NULL") == 0, 60,
               "the engine has applied every answer")
    return said


def choose(tasks):
    return ([task for task in tasks if task["tier"] == 1]
            + [task for task in tasks if task["tier"] == 2][:ORANGE_MAX])


def review_all():
    step("two reviewers answer the identity questions, then decide")
    check(hulei("review", "list").returncode != 0, "root is no reviewer")
    sql(f"UPDATE setting SET value = '{UNDO_SECONDS}' WHERE name = 'undo_window_s';"
        f" UPDATE group_window SET wait = '{UNDO_SECONDS} s' WHERE tier = 2")  # 10 min in earnest
    first = [task for task in choose(open_tasks(REVIEWERS[0], "pair")) if task["identity"]]
    said = ask_identities(first + open_tasks(REVIEWERS[0], "identity")[:FROZEN_MAX], truth())
    print("  identity: " + (", ".join(f"{count} {word}" for word, count in said.items()) or "nothing to ask"))
    tasks = open_tasks(REVIEWERS[0], "pair")
    accepted, refusals = collections.Counter(), collections.Counter()
    for index, task in enumerate(choose(tasks)):
        done = hulei("review", "accept", task["task"], "--reason", "ACCEPT_CONFIRMED", "--version",
                     str(task["version"]), user=REVIEWERS[index % 2])
        if done.returncode == 0:
            accepted[task["tier"]] += 1
        else:
            refusals[done.stderr.strip().removeprefix("hulei review: ")] += 1
    print(f"  open {len(tasks)}; accepted red {accepted[1]}, orange {accepted[2]}")
    for why, count in refusals.items():
        print(f"  {count} not accepted: {why}")
    there = truth_tiers()
    check(accepted[1] >= min(1, there[1]), f"a red pair is accepted, where the county holds one (it holds {there[1]})")
    check(accepted[2] >= min(2, there[2]), f"so are several orange ones (it holds {there[2]})")
    check(number("SELECT count(*) FROM alert a WHERE msg = 'alert' AND decision_id IS NULL") == 0,
          "no alert without a named human's decision")


# ---- delivery and answers ----

def expected_alerts():
    """{post: how many alerts it must have read}, once every alert has left."""
    waiting = "SELECT count(*) FROM outbox WHERE kind = 'alert' AND state = 'queued'"
    wait_until(lambda: number(waiting) == 0, 120, "every alert has left")
    counts = sql("SELECT post_id, count(*) FROM delivery GROUP BY post_id ORDER BY post_id")
    return {post: int(count) for post, count in counts}


def answer_alerts():
    step("alerts reach the posts, and the posts acknowledge")
    expected = expected_alerts()
    done = hulei("post", "simulate", "--passwords", f"{RUN}/secrets", "--post", ",".join(expected), "--until", "acked",
                 "--delay", "100-1000", "--idle", "3", "--json")
    if done.returncode != 0:
        raise Failure("post simulate: " + done.stderr.strip()[-200:])
    posts = json.loads(done.stdout)["posts"]
    for post, count in expected.items():
        read = sum(posts[post][word] for word in ("alerts", "updates", "cancels", "closes"))
        answered = posts[post]["acked"] + posts[post]["closed"]
        check(read == count, f"post {post} has read its {count} alerts from Kafka and answered {answered}")
    foreign = kcat(f"post-{next(iter(expected))}", "-C", "-t", "hulei.feed.police.persons", "-o", "beginning", "-e")
    check(foreign.returncode != 0, "a post cannot read a feed")
    wait_until(lambda: number("SELECT count(*) FROM delivery WHERE state NOT IN ('acked', 'acting', 'closed')") == 0,
               120, "every delivery is acknowledged")
    total = sum(counts["acked"] for counts in posts.values())
    check(total > 0, f"{total} acknowledgements came back and every delivery is acknowledged")


def review():
    show()
    review_all()
    answer_alerts()
    step("accounting")
    with open(f"{RUN}/county/pushed", encoding="ascii") as file:
        accounting(int(file.read()))
    faults = sql("SELECT * FROM audit_verify()")
    check(not faults, "the audit chain is whole")
    check_roles()
    # The roles say a word every few seconds: what is printed is said after the last acknowledgement.
    now = sql("SELECT clock_timestamp()")[0][0]
    wait_until(lambda: number(f"SELECT count(*) FROM role_status WHERE updated_at > '{now}'") >= 3, 30,
               "every role has said where it stands")
    for line in hulei("status", user="hulei-engine").stdout.splitlines():
        if line.split()[-4:] != ["0"] * 4:  # of the posts those with something to tell
            print(line[:120])


def main():
    try:
        {"push": push, "show": show, "review": review}[sys.argv[1]]()
    except Failure as failure:
        print(f"  FAIL  {failure}", flush=True)
        sys.exit(1)


main()
