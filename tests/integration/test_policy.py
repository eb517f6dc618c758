#!/usr/bin/env python3
"""A policy from proposal to force: projected without effect, refused above a post's budget unless forced, taken by the
engine while it runs, and what it opens is what was projected. A category that was switched on matches until its last
day, is off the day after by itself, and both are on record."""
import csv
import shutil

from stack import *  # noqa: F403

FOLDER = os.path.join(RUN, "tests-policy")
DAY = 86400
DRUG = ("code: drug\n    state: off", "code: drug\n    state: on\n    class: B\n    basis: 测试依据\n    purposes: [match, alert]\n"
        "    recipients: [police, judicial]\n    cap: yellow\n    retention_years: 3\n    catalogue: c-1\n"
        "    assessment: pia-1\n    approver: op1\n    approved_on: {}\n    expires: {}")


def policy(*arguments, user="hulei-engine"):
    return subprocess.run(["runuser", "-u", user, "--", BIN, "policy", *arguments, "--config", CONFIG],
                          capture_output=True, text=True, check=False, cwd="/")


def write(name, *edits):
    """A folder with the shipped files, edited: (file, from, to)."""
    folder = os.path.join(FOLDER, name)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(os.path.join(RUN, "policy"), folder)
    for file, before, after in edits + (("policy.yaml", 'version: "2026-11-25.1"', f'version: "{name}"'),):
        path = os.path.join(folder, file)
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
        check(before in text, f"{file} holds {before}")
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text.replace(before, after, 1))
    return folder


def day(offset):
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600 + offset * DAY))


def pairs():
    return {(row[0], row[1]): int(row[2]) for row in sql(
        "SELECT rule, tier, count(*) FROM pair WHERE state NOT IN ('retracted', 'expired', 'closed') GROUP BY 1, 2")}


def projected(folder, side, *arguments):
    done = policy("project", folder, "--json", *arguments)
    check(done.returncode in (0, 1) and done.stdout, f"policy project: {done.stderr}")
    tiers = {"red": "1", "orange": "2", "yellow": "3", "blue": "4"}
    return {(row["rule"], tiers[row["tier"]]): row[side] for row in json.loads(done.stdout)["rules"] if row[side]}


def activate(folder, *arguments):
    before = value("SELECT version FROM policy_version WHERE state = 'active'")
    done = policy("activate", folder, "--by", "op1", *arguments)
    same(done.returncode, 0, f"policy activate {done.stderr}")
    wait_until(lambda: value("SELECT version FROM policy_version WHERE state = 'active'") != before, 20, "taken")
    await_rest()


def settle(wanted, seconds=30):
    """Gives the engine time to look at everybody; the caller compares."""
    deadline = time.monotonic() + seconds
    while pairs() != wanted and time.monotonic() < deadline:
        time.sleep(0.2)


def people():
    """Along one street, 250 m between houses: pairs of several rules."""
    messages = sub_district(180, 7)
    push_raw(messages)
    await_counted(len(messages), 60)
    await_rest()


def faults():
    folder = write("faulty", ("rules.yaml", "near_m: 200", "near_m: 6000"), ("categories.yaml", "code: hiv\n    state: refused",
                                                                            "code: hiv\n    state: on"))
    done = policy("check", folder)
    same([done.returncode, [line.split(":")[0] for line in done.stdout.splitlines()]],
         [1, ["categories.yaml", "rules.yaml"]], "every fault with its file")
    same(policy("activate", folder, "--by", "op1").returncode, 2, "a faulty policy is not activated")
    with open(os.path.join(folder, "policy.yaml"), encoding="utf-8") as stream:
        text = stream.read()
    with open(os.path.join(folder, "policy.yaml"), "w", encoding="utf-8") as stream:
        stream.write(text.replace("minor_rules:", "other_rules:"))
    config = config_with(policy=folder)
    done = subprocess.run(["runuser", "-u", "hulei-engine", "--", BIN, "engine", "--config", config],
                          capture_output=True, text=True, check=False, cwd="/", timeout=30)
    check(done.returncode == 1 and "policy.yaml:" in done.stderr, f"no engine without minor_rules: {done.stderr}")


def projection():
    wider = write("wider", ("rules.yaml", "built_up_m: 500", "built_up_m: 800"), ("rules.yaml", "near_m: 200", "near_m: 300"),
                  ("rules.yaml", "id: O5, state: on", "id: O5, state: off"))
    before = pairs()
    check(before, "there are pairs")
    versions = sql("SELECT sum(version), count(*) FROM pair")
    same(projected(wider, "before"), before, "the projection of what is in force")
    after = projected(wider, "after")
    check(sum(after.values()) > sum(before.values()), f"a wider policy opens more: {before} {after}")
    same(sql("SELECT sum(version), count(*) FROM pair"), versions, "a projection changes nothing")
    refused = policy("activate", wider, "--by", "op1")
    check(refused.returncode == 1 and "above their budget" in refused.stderr and "OVER" in refused.stdout,
          f"above the budget: {refused.stderr}")
    same(number("SELECT count(*) FROM command WHERE kind = 'policy_activate'"), 0, "nothing was put forward")
    same(policy("activate", wider, "--by", "op1", "--force").returncode, 2, "forced without a reason")
    same(policy("activate", wider, "--by", "rev1", "--force", "--reason", "PILOT").returncode, 1, "by a reviewer")
    activate(wider, "--force", "--reason", "PILOT")
    settle(after)
    same(pairs(), after, "what the engine opened is what was projected")
    same(sql("SELECT actor, detail->>'reason', detail->>'forced' FROM audit_entry WHERE action = 'policy_proposed'"),
         [["op1", "PILOT", "true"]], "on record with who and why")
    same(policy("activate", wider, "--by", "op1").returncode, 1, "it is in force already")
    changes = policy("diff", wider).stdout
    same(changes, "", "no difference to what is in force")
    changes = policy("diff", os.path.join(RUN, "policy"), wider)
    check("radii.built_up_m: 500 -> 800" in changes.stdout and "rule O5: on -> off" in changes.stdout, changes.stdout)


def restart_keeps(engine, config):
    after = pairs()
    engine.stop()
    engine = start_engine(config)
    await_rest()
    settle(after)
    same(pairs(), after, "after a new start the policy in force is the activated one, whatever the files say")
    check("policy_files_differ" in engine.log(), "and the log says that the files differ")
    return engine


def drug_pairs():
    return number("SELECT count(*) FROM pair WHERE evidence->>'category' = 'drug' AND state = 'in_review'")


def over_files():
    """Over a synthetic county without errors the projection is its truth, as far as that tells."""
    folder = os.path.join(FOLDER, "synth")
    shutil.rmtree(folder, ignore_errors=True)
    done = subprocess.run([BIN, "synth", "--persons", "5000", "--seed", "3", "--errors", "none", "--out", folder],
                          capture_output=True, text=True, check=False)
    same(done.returncode, 0, f"hulei synth {done.stderr}")
    subprocess.run(["chmod", "-R", "a+rX", folder], check=True)
    truth = {}
    with open(os.path.join(folder, "truth_pairs.csv"), encoding="utf-8") as file:
        for _, _, tier, rule, *_ in list(csv.reader(file))[1:]:
            truth[(rule, tier)] = truth.get((rule, tier), 0) + 1
    check(sum(truth.values()) > 20, "the county has pairs")
    found = projected(os.path.join(RUN, "policy"), "after", "--records", folder)
    same(found, truth, "exposures of a synthetic county, rule by rule")
    later = projected(os.path.join(RUN, "policy"), "after", "--records", folder, "--date", day(100))
    check(later != found, "addresses age: another day, other tiers")
    sql("INSERT INTO setting (name, value) VALUES ('clock_shift', '100 days')")
    same(projected(os.path.join(RUN, "policy"), "after", "--records", folder), later, "today is what the database's clock says")
    sql("DELETE FROM setting WHERE name = 'clock_shift'")


def off_row_life():
    drug_until = lambda name, last: write(name, ("categories.yaml", DRUG[0], DRUG[1].format(day(-30), day(last))))
    man = risk("戚某乙", "1981-02-03", 11, STREET + "3号1单元101室", category="drug")
    girl = child("谢小蕾", "2015-06-01", 902, STREET + "3号1单元101室")
    before = counted()
    push_raw([raw(CHILDREN, "child", "c-x", NOW, girl, "x-1"), raw(CORRECTIONS, "risk", "r-x", NOW, man, "x-2")])
    await_counted(before + 2)
    same([row[2:4] for row in stored_receipts() if row[1] == "x-2"], [("refused", "category_off")],
         "an off category's receipt says so")
    activate(drug_until("drug-on", 0), "--force", "--reason", "PILOT")
    same(value("SELECT detail->'switched_on' FROM audit_entry WHERE action = 'policy_proposed' ORDER BY seq DESC LIMIT 1"),
         '["drug"]', "on record by name")
    push_raw([raw(CORRECTIONS, "risk", "r-x", NOW, man, "x-3")])
    await_counted(before + 3)
    await_rest()
    wait_until(lambda: drug_pairs() > 0, 30, "on its last day it matches")
    activate(drug_until("drug-ended", -1), "--force", "--reason", "PILOT")
    wait_until(lambda: drug_pairs() == 0, 30, "the day after it does not")
    wait_until(lambda: number("SELECT count(*) FROM record WHERE subject = 'r-x'") == 0, 20, "and is kept no longer")
    same(sql("SELECT reason, rule FROM erasure WHERE done_at IS NOT NULL"), [["expired", "row_end"]], "by the expiry engine")
    same(number("SELECT expiry_debt()"), 0, "debt")
    activate(drug_until("drug-again", 20), "--force", "--reason", "PILOT")
    push_raw([raw(CORRECTIONS, "risk", "r-x", NOW, man, "x-4")])
    await_counted(before + 4)
    same(value("SELECT ends_rule FROM record WHERE subject = 'r-x'"), "row_end",
         "switched on again it is taken, for as long")
    wait_until(lambda: drug_pairs() > 0, 30, "and matched")
    activate(drug_until("drug-longer", 100), "--force", "--reason", "PILOT")
    wait_until(lambda: value("SELECT ends_on FROM record WHERE subject = 'r-x'") == day(100), 30, "renewed: for longer")
    activate(drug_until("drug-over", -1), "--force", "--reason", "PILOT")
    wait_until(lambda: number("SELECT count(*) FROM record WHERE subject = 'r-x'") == 0, 20, "over again")


def restart_notes_the_end(engine, config):
    engine.stop()
    start_engine(config)
    wait_until(lambda: number("SELECT count(*) FROM audit_entry WHERE action = 'policy_row_ended'") == 1, 20, "the end")
    same(value("SELECT detail->>'category' FROM audit_entry WHERE action = 'policy_row_ended'"), "drug", "whose")


def proof():
    reset()
    os.makedirs(FOLDER, exist_ok=True)
    os.chmod(FOLDER, 0o755)
    sql("INSERT INTO account (name, os_user, roles) VALUES ('op1', 'hulei-op1', '{operator}') ON CONFLICT DO NOTHING")
    with open(os.path.join(RUN, "feeds.yaml"), encoding="utf-8") as file:
        feeds = file.read()
    faults()
    over_files()
    with open(os.path.join(FOLDER, "feeds.yaml"), "w", encoding="utf-8") as file:
        file.write(feeds.replace("categories: [sexoff_minor, sexoff_adult, corr_sexoff, abuse_minor]",
                                 "categories: [sexoff_minor, sexoff_adult, corr_sexoff, abuse_minor, drug]"))
    config = config_with(feeds=os.path.join(FOLDER, "feeds.yaml"))
    engine = start_engine(config)
    courier = Role("courier")
    courier.await_log("feeds_assigned")  # it brings the posts
    people()
    projection()
    engine = restart_keeps(engine, config)
    off_row_life()
    restart_notes_the_end(engine, config)
    return f"{sum(pairs().values())} pairs"


if __name__ == "__main__":
    main(proof)
