#!/usr/bin/env python3
"""Wrong bulk deletions are held, right ones leave nothing (RELIABILITY.md F 22): a feed that withdraws too much waits for two
persons, so do many erasures at once; one can be taken back; what is erased has no orphan anywhere, posts delete and say so,
a copy sent again is dropped, and a restored database is told by the ledger."""
from stack import *  # noqa: F403

HOUSE = STREET + "7号1单元101室"
POST = "pcs-500111004"
OPERATORS = {"op1": "hulei-op1", "op2": "hulei-op2"}
LEDGER = os.path.join(RUN, "engine/erasures.ledger")
FLOOR = 10


def hulei(user, *arguments, status=0):
    """As by `sudo -u hulei-engine`: the human stands behind the service's user."""
    done = subprocess.run(["runuser", "-u", "hulei-engine", "--", BIN, *arguments, "--config", CONFIG], capture_output=True,
                          text=True, check=False, cwd="/", env={"PATH": os.environ["PATH"], "SUDO_USER": OPERATORS[user]})
    same(done.returncode, status, f"hulei {' '.join(arguments)}: {done.stdout} {done.stderr}")
    return done.stdout + done.stderr


def orphans():
    """Every column that holds the number of a record, mention, person, pair or key which is not there."""
    columns = sql("""SELECT table_name, column_name FROM information_schema.columns
                     WHERE table_schema = 'hulei' AND data_type = 'bigint'
                       AND table_name NOT IN ('erasure', 'audit_entry')""")
    targets = {"record": ("record", "record_id"), "mention": ("mention", "mention_id"), "person": ("person", "person_id"),
               "pair_id": ("pair", "pair_id"), "data_key": ("data_key", "data_key_id"),
               "risk": ("person", "person_id"), "child": ("person", "person_id")}
    found, looked = [], 0
    for table, column in columns:
        for word, (target, key) in targets.items():
            if not column.startswith(word) and not column.endswith("_" + word) or (table, column) == (target, key):
                continue
            looked += 1
            count = number(f"""SELECT count(*) FROM {table} t WHERE t.{column} IS NOT NULL
                               AND NOT EXISTS (SELECT FROM {target} o WHERE o.{key} = t.{column})""")
            found += [(table, column, count)] if count else []
            break
    check(looked >= 12, f"columns that refer to something: {looked}")
    found += sql("""SELECT 'data_key', 'of nothing', count(*) FROM data_key k
                    WHERE NOT EXISTS (SELECT FROM record r WHERE r.data_key_id = k.data_key_id)
                      AND NOT EXISTS (SELECT FROM parked p WHERE p.data_key_id = k.data_key_id) HAVING count(*) > 0""")
    found += sql("""SELECT 'person', 'of nothing', count(*) FROM person n
                    WHERE NOT EXISTS (SELECT FROM mention m WHERE m.person_id = n.person_id)
                      AND NOT EXISTS (SELECT FROM pair p WHERE n.person_id IN (p.child_person, p.risk_person))
                      AND n.alias_of IS NULL AND NOT EXISTS (SELECT FROM person a WHERE a.alias_of = n.person_id)
                    HAVING count(*) > 0""")
    return found


def child_message(n, event, gone=False):
    data = None if gone else child(f"罗小{'甲乙丙丁戊己庚辛壬癸子丑'[n % 12]}", "2015-06-01", 2 * n, STREET + f"{n + 20}号1单元101室")
    return raw(CHILDREN, "child", f"c-{n}", f"2026-11-0{2 if gone else 1}T08:00:00+08:00", data, event)


def mass_withdrawal():
    sql(f"UPDATE setting SET value = '{FLOOR}' WHERE name = 'withdraw_floor'")
    push_raw([child_message(n, f"c-{n}") for n in range(40)])
    await_counted(40)
    push_raw([child_message(n, f"w-{n}", gone=True) for n in range(30)])
    await_counted(70)
    same(number("SELECT count(*) FROM record WHERE state = 'withdrawn'"), FLOOR, "withdrawn without leave")
    same(number("SELECT count(*) FROM parked WHERE code = 'mass_withdrawal' AND state = 'parked'"), 30 - FLOOR, "held")
    check("withdrawals_held" in Role.started[0].log(), "the alarm")
    check("asked" in hulei("op1", "erase", "release-feed", SOURCE[CHILDREN]), "the first person asks")
    hulei("op1", "erase", "release-feed", SOURCE[CHILDREN], status=1)
    same(number("SELECT count(*) FROM record WHERE state = 'withdrawn'"), FLOOR, "one person is not two")
    check("released 20" in hulei("op2", "erase", "release-feed", SOURCE[CHILDREN]), "the second releases")
    wait_until(lambda: number("SELECT count(*) FROM record WHERE state = 'withdrawn'") == 30, 20, "released withdrawals")


def guard_of_requests():
    """More than one operator may ask for alone waits for another; taken back in time nothing happens."""
    sql("UPDATE setting SET value = '2' WHERE name = 'erase_alone_records'")
    requests = [hulei("op1", "erase", "--record", SOURCE[CHILDREN], f"c-{n}", "--reason", "TEST").split()[0]
                for n in range(35, 38)]
    same(sql("SELECT state FROM erasure_request ORDER BY request_id"), [["waiting"], ["waiting"], ["held"]], "three requests")
    hulei("op1", "erase", "release", requests[2], status=1)
    hulei("op2", "erase", "release", requests[2])
    for request in requests:
        hulei("op2", "erase", "cancel", request)
    sql("UPDATE setting SET value = '0' WHERE name = 'erase_undo_s'")
    time.sleep(1.5)
    same(number("SELECT count(*) FROM record WHERE subject IN ('c-35', 'c-36', 'c-37') AND state = 'live'"), 3, "taken back")
    hulei("op1", "erase", "cancel", requests[0], status=1)
    sql("UPDATE setting SET value = '1000' WHERE name = 'erase_alone_records'")


def told_pair():
    """A pair of one child and a person of concern, accepted, sent to a post and read."""
    push_raw([raw(CHILDREN, "child", "c-x", "2026-11-01T08:00:00+08:00", child("罗小蕾", "2015-06-01", 202, HOUSE), "x-1"),
              raw(CORRECTIONS, "risk", "r-x", "2026-11-01T08:00:00+08:00", risk("尹某甲", "1980-03-04", 203, HOUSE), "x-2"),
              raw(CORRECTIONS, "risk", "r-x", "2026-11-02T08:00:00+08:00", risk("尹某甲", "1980-03-04", 203, HOUSE,
                                                                              category="pirate"), "x-3")])
    task = wait_until(lambda: value("SELECT public_id FROM review_task WHERE state = 'open' AND kind = 'pair'"), 20, "a task")
    await_rest()
    task = value("SELECT public_id FROM review_task WHERE state = 'open' AND kind = 'pair'")
    check(review("hulei-rev1", "accept", task)["ok"], "accept")
    wait_until(lambda: number(f"SELECT count(*) FROM delivery WHERE state = 'sent' AND post_id = '{POST}'") == 1, 20, "sent")
    return value("SELECT alert_id FROM alert WHERE msg = 'alert'")


def answer(alert, **more):
    produce("post-" + POST, f"hulei.ack.{POST}", alert,
            json.dumps({"alert": alert, "post": POST, "who": "duty-1", "at": NOW} | more).encode())


def erase_a_person():
    alert = told_pair()
    answer(alert, state="acked")
    wait_until(lambda: value(f"SELECT state FROM delivery WHERE alert_id = '{alert}' AND post_id = '{POST}'") == "acked", 20, "read")
    person = value("SELECT person_id FROM mention JOIN record USING (record_id) WHERE subject = 'r-x'")
    report = hulei("op1", "subject-report", person, "--reason", "ART45")
    for wanted in ("r-x", "release", POST, "subject_report", "pair_accept"):
        check(wanted in report, f"{wanted} in the subject report: {report}")
    check("尹某甲" not in report, "no value unless asked for")
    check("尹某甲" in hulei("op1", "subject-report", person, "--reason", "ART45", "--values"), "values when asked for")
    hulei("op1", "erase", person, "--reason", "ART47")
    wait_until(lambda: number("SELECT count(*) FROM record WHERE subject = 'r-x'") == 0, 20, "the record is gone")
    same(sql("SELECT state, reasons, evidence FROM pair"), [["retracted", "{}", "{}"]], "the pair")
    same(number("SELECT count(*) FROM parked WHERE body IS NOT NULL"), 0, "parked copies")
    cancel = wait_until(lambda: value(f"""SELECT a.alert_id FROM alert a JOIN delivery d USING (alert_id)
                                          WHERE a.msg = 'cancel' AND d.post_id = '{POST}' AND d.state = 'sent'"""), 20, "the cancel")
    answer(cancel, state="closed", outcome_code="done")
    wait_until(lambda: number(f"""SELECT count(*) FROM delivery WHERE alert_id = '{cancel}' AND post_id = '{POST}'
                                  AND state = 'closed'"""), 20, "the post deleted it")
    push_raw([raw(CORRECTIONS, "risk", "r-x", "2026-11-09T08:00:00+08:00", risk("尹某甲", "1980-03-04", 203, HOUSE), "x-9")])
    wait_until(lambda: "erased" in (value("SELECT convert_from(payload, 'UTF8') FROM outbox WHERE kind = 'receipt' "
                                          "ORDER BY outbox_id DESC LIMIT 1") or ""), 20, "a copy sent again is refused")
    same(number("SELECT count(*) FROM record WHERE subject = 'r-x'"), 0, "and not taken")


def restored():
    """The database as it was before an erasure: the ledger has it forgotten again."""
    before = "hulei_before"
    stop_all()
    psql = ["psql", "-X", "-q", "-h", os.path.join(RUN, "sock"), "-p", port(), "-U", "postgres", "-d", "postgres", "-c"]
    subprocess.run([*psql, f"DROP DATABASE IF EXISTS {before}"], check=True, capture_output=True)
    subprocess.run([*psql, f"CREATE DATABASE {before} TEMPLATE hulei"], check=True)
    known = os.path.getsize(LEDGER)  # lines of other proofs, whose keys these records have, too
    start_engine()
    hulei("op1", "erase", "--record", SOURCE[CHILDREN], "c-39", "--reason", "ART47")
    wait_until(lambda: number("SELECT count(*) FROM record WHERE subject = 'c-39'") == 0, 20, "erased")
    wait_until(lambda: number("SELECT count(*) FROM erasure WHERE done_at IS NOT NULL AND ledgered_at IS NULL") == 0, 20, "ledger")
    stop_all()
    subprocess.run([*psql, "DROP DATABASE hulei WITH (FORCE)"], check=True)
    subprocess.run([*psql, f"ALTER DATABASE {before} RENAME TO hulei"], check=True)
    same(number("SELECT count(*) FROM record WHERE subject = 'c-39'"), 1, "the restored record")
    with open(LEDGER, "rb") as ledger, open(os.path.join(RUN, "engine/since.ledger"), "wb") as since:
        ledger.seek(known)
        since.write(ledger.read())
    check(", 1 are forgotten" in hulei("op2", "erase", "replay", since.name), "the replay")
    os.unlink(since.name)
    start_engine()
    wait_until(lambda: number("SELECT count(*) FROM record WHERE subject = 'c-39'") == 0, 20, "forgotten again")


def proof():
    reset()
    sql("INSERT INTO account (name, os_user, roles) VALUES ('op1', 'hulei-op1', '{operator}'), ('op2', 'hulei-op2', '{operator}')"
        " ON CONFLICT DO NOTHING")
    kept = sql("SELECT name, value FROM setting WHERE name LIKE 'erase%' OR name LIKE 'withdraw%'")
    try:
        start_engine()
        Role("courier").await_log("feeds_assigned")
        Role("console").await_log("console_ready")
        mass_withdrawal()
        guard_of_requests()
        before = orphans()  # numbers of persons whose records were only withdrawn stay
        erase_a_person()
        wait_until(lambda: number("SELECT count(*) FROM erasure WHERE persons IS NOT NULL AND reason <> 'erased'") == 0, 10, "rest")
        same(orphans(), before, "orphans")
        same([row for row in before if row[:2] != ["person", "of nothing"]], [], "orphans before")
        restored()
        same(sql("SELECT * FROM audit_verify()"), [], "faults of the audit chain")
        with open(LEDGER, encoding="ascii") as file:
            check(all(re.fullmatch(r"\S+Z [a-z]+ [0-9a-f]{64}\n", line) for line in file), "the ledger holds hashes only")
    finally:
        for name, text in kept:
            sql(f"UPDATE setting SET value = '{text}' WHERE name = '{name}'")
    return f"{number('SELECT count(*) FROM erasure')} records forgotten"


if __name__ == "__main__":
    main(proof)
