#!/usr/bin/env python3
"""The audit chain against a superuser: edited, deleted, inserted, reordered, forked, cut, with all hashes made anew.

What the database alone can tell is found by the chain, the rest by signed statements kept outside (file and topic) and
by the hours' keys, which are forgotten. The yearly export holds entries and statements."""
import json
import os
import subprocess
import tempfile

from stack import (BIN, CONFIG, RUN, Role, check, kcat, main, number, reset, same, sql, wait_until, work_folder)

ROOTS = os.path.join(RUN, "courier/audit.roots")

# What somebody with all rights on the database would do after a change: the whole lane anew, with the key of now.
REMAKE = """
CREATE OR REPLACE FUNCTION pg_temp.remake(in_lane text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    e hulei.audit_entry;
    h bytea := coalesce((SELECT hash FROM hulei.audit_checkpoint WHERE lane = in_lane), '');
    n bigint := coalesce((SELECT seq FROM hulei.audit_checkpoint WHERE lane = in_lane), 0);
    k hulei.audit_key := hulei.audit_key_now();
BEGIN
    UPDATE hulei.audit_entry SET seq = seq + 1000000 WHERE lane = in_lane;
    FOR e IN SELECT * FROM hulei.audit_entry WHERE lane = in_lane ORDER BY seq LOOP
        n := n + 1;
        h := sha256(h || hulei.audit_canonical(e.lane, n, e.at, e.actor, e.role, e.action, e.purpose, e.subject, e.alert_id, e.detail));
        UPDATE hulei.audit_entry SET seq = n, hash = h, mac = hulei.audit_mac(k, h) WHERE lane = in_lane AND seq = e.seq;
    END LOOP;
    UPDATE hulei.audit_lane SET head_seq = n, head_hash = h WHERE lane = in_lane;
END $$;
SET session_replication_role = replica;
"""
AGAIN = "SELECT pg_temp.remake('engine');"
NEWEST = "(SELECT max(seq) FROM audit_entry WHERE lane = 'engine')"

# (what, by what it is done, what says so without anything from outside, with the statements, with the key alone)
ATTACKS = (
    ("edit", "UPDATE audit_entry SET detail = '{}' WHERE lane = 'engine' AND seq = 3", "changed", "changed", "changed"),
    ("edit, made anew", "UPDATE audit_entry SET detail = '{}' WHERE lane = 'engine' AND seq = 3;" + AGAIN, None, "signed statement",
     "keyed hash"),
    ("delete", "DELETE FROM audit_entry WHERE lane = 'engine' AND seq = 3", "missing before", "missing before", "missing before"),
    ("delete, made anew", "DELETE FROM audit_entry WHERE lane = 'engine' AND seq = 3;" + AGAIN, None, "signed statement",
     "keyed hash"),
    ("insert, made anew", "UPDATE audit_entry SET seq = seq + 100 WHERE lane = 'engine' AND seq > 3;"
     "INSERT INTO audit_entry SELECT lane, 4, at, 'somebody', role, action, purpose, subject, alert_id, detail, hash, epoch, mac"
     " FROM audit_entry WHERE lane = 'engine' AND seq = 3;" + AGAIN, None, "signed statement", "keyed hash"),
    ("reorder, made anew", "UPDATE audit_entry SET seq = 2000 WHERE lane = 'engine' AND seq = 3; UPDATE audit_entry SET seq = 3"
     " WHERE lane = 'engine' AND seq = 4; UPDATE audit_entry SET seq = 4 WHERE lane = 'engine' AND seq = 2000;" + AGAIN, None,
     "signed statement", "keyed hash"),
    ("fork behind a statement", f"DELETE FROM audit_entry WHERE lane = 'engine' AND seq > {NEWEST} - 3;" + AGAIN +
     "SET session_replication_role = origin; SELECT audit_append('engine', 'x', 'x', 'x', NULL, NULL, NULL, '{}') FROM"
     " generate_series(1, 3)", None, "signed statement", "keyed hash"),
    ("cut tail, head and all", f"DELETE FROM audit_entry WHERE lane = 'engine' AND seq > {NEWEST} - 3;" + AGAIN, None, "missing after",
     "keyed hash"),
    ("lane gone whole", "DELETE FROM audit_entry WHERE lane = 'engine'; DELETE FROM audit_lane WHERE lane = 'engine'", None,
     "missing after", None),
    ("cut in front, with a checkpoint", "INSERT INTO audit_checkpoint SELECT lane, seq, hash FROM audit_entry WHERE lane = 'engine'"
     " AND seq = 2; DELETE FROM audit_entry WHERE lane = 'engine' AND seq <= 2", None, "cut where no signed", None),
)


def audit(*arguments, user="hulei-auditor", text=None):
    return subprocess.run(["runuser", "-u", user, "--", BIN, "audit", *arguments, "--config", CONFIG], capture_output=True, text=True,
                          check=False, cwd="/", input=text)


def append(count):
    sql(f"SELECT audit_append('engine', 'engine', 'engine', 'batch', NULL, NULL, NULL, jsonb_build_object('n', n)) "
        f"FROM generate_series(1, {count}) AS n")


def await_root():
    """A statement over what is there now, filed and sent."""
    head = number("SELECT head_seq FROM audit_lane WHERE lane = 'engine'")
    wait_until(lambda: number("SELECT count(*) FROM audit_root r, jsonb_to_recordset(r.lanes) AS p (lane text, seq bigint)"
                              f" WHERE p.lane = 'engine' AND p.seq = {head} AND r.filed_at IS NOT NULL") > 0, 20, "a statement is filed")


def statements():
    with open(ROOTS, encoding="utf-8") as file:
        return file.read()


def attack(what, change, alone, with_roots, with_key, public, key):
    sql(REMAKE + change)
    for outside, word in (((), alone), (("--roots", "-", "--public-key", public), with_roots), (("--key", key), with_key)):
        done = audit("verify", *outside, text=statements())
        said = f"{what}, {' '.join(outside[:1]) or 'alone'}: "
        same(done.returncode, 1 if word else 0, said + done.stdout + done.stderr)
        check(word is None or word in done.stdout, said + done.stdout)
    sql("""SET session_replication_role = replica;
           TRUNCATE audit_checkpoint; DELETE FROM audit_entry; DELETE FROM audit_lane;
           INSERT INTO audit_lane SELECT * FROM kept_lane; INSERT INTO audit_entry SELECT * FROM kept_entry""")


def attack_statements(public):
    """The file itself: a line left out, a line changed, a key nobody trusts."""
    lines = statements().splitlines()
    for what, text, trusted, word in (
            ("a line left out", lines[:1] + lines[2:], public, "missing"),
            ("a line changed", [lines[0].replace('"seq":', '"seq":1')] + lines[1:], public, "root"),
            ("an unknown key", lines, "00" * 32, "signature"), ("nothing", [], public, "no statement")):
        done = audit("verify", "--roots", "-", "--public-key", trusted, text="\n".join(text) + "\n" if text else "")
        check(done.returncode == 1 and word in done.stderr, f"{what}: {done.stderr}")


def check_topic():
    def told():
        return kcat("auditor", "-C", "-t", "hulei.audit", "-o", "beginning", "-e", "-q").stdout.decode().splitlines()

    mine = set(statements().splitlines())
    wait_until(lambda: mine <= set(told()), 20, "every filed statement is in the topic, too")
    check(kcat("auditor", "-P", "-t", "hulei.audit", "-X", "message.timeout.ms=3000", input=b"x").returncode != 0,
          "the auditor only reads")


def check_export(entries):
    today = sql("SELECT (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date")[0][0]
    done = audit("export", "--from", today, "--to", today)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    same(sum(1 for row in rows if row.get("lane") == "engine"), entries, "entries of the engine's lane")
    check(sum(1 for row in rows if "signature" in row) >= 3, "and the statements over them")


def proof():
    reset()
    if os.path.exists(ROOTS):
        os.remove(ROOTS)
    folder = tempfile.mkdtemp(dir=work_folder())
    os.chmod(work_folder(), 0o755)
    os.chmod(folder, 0o755)
    key = os.path.join(folder, "epoch.key")
    done = subprocess.run([BIN, "audit", "hand-over", key, "--config", CONFIG], capture_output=True, text=True, check=False)
    same((done.returncode, os.stat(key).st_mode & 0o777), (0, 0o400), "the key is handed over " + done.stderr)
    os.chmod(key, 0o444)  # the auditor's own machine is another one
    sql("UPDATE setting SET value = '1' WHERE name = 'audit_root_s'")
    try:
        courier = Role("courier")
        for count in (5, 4, 6):
            append(count)
            await_root()
        public = audit("public-key", user="hulei-courier").stdout.strip()
        wait_until(lambda: number("SELECT count(*) FROM audit_key WHERE key IS NULL") >= 2, 20, "keys of published hours are forgotten")
        check_topic()
        courier.stop()
    finally:
        sql("UPDATE setting SET value = '3600' WHERE name = 'audit_root_s'")

    sound = audit("verify", "--roots", "-", "--public-key", public, "--key", key, text=statements())
    same(sound.returncode, 0, "all is sound: " + sound.stdout + sound.stderr)
    check("engine           15 entries (" in sound.stdout and "15 keyed hashes), sound" in sound.stdout, sound.stdout)
    check_export(15)
    sql("DROP TABLE IF EXISTS kept_lane, kept_entry; CREATE TABLE kept_lane AS TABLE audit_lane; CREATE TABLE kept_entry AS TABLE audit_entry")
    try:
        for row in ATTACKS:
            attack(*row, public, key)
        same(audit("verify").returncode, 0, "all is as before")
        attack_statements(public)
    finally:
        sql("DROP TABLE kept_lane, kept_entry")
    return f"{len(ATTACKS)} changes by a superuser and 4 of the statements found"


if __name__ == "__main__":
    main(proof)
