#!/usr/bin/env python3
"""What each actor of deploy/THREATS.md tries with the rights it has, on the running stack: database logins beyond their grants,
a department beyond its feed, rows exchanged in the database, keys that others can read. Each is refused, and the work goes on."""
import pwd
import shutil

from stack import *  # noqa: F403

HOUSE = STREET + "7号1单元101室"
DENIED = ("42501", "0A000")


def as_login(user, text):
    """As that OS user, signed in to its own database role. (SQLSTATE or "", output)"""
    role = user.replace("-", "_")
    done = subprocess.run(["runuser", "-u", user, "--", "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-v",
                           "VERBOSITY=sqlstate", "-h", os.path.join(RUN, "sock"), "-p", port(), "-U", role, "-d", "hulei"],
                          input="SET search_path = hulei;\n" + text, capture_output=True, text=True, check=False, cwd="/")
    found = re.search(r"(?:ERROR|FATAL): +([0-9A-Z]{5})", done.stderr)
    return (found.group(1) if found else done.stderr.strip()), done.stdout.strip()


def tables():
    return [row[0] for row in sql("SELECT tablename FROM pg_tables WHERE schemaname = 'hulei' ORDER BY 1")]


def beyond_grants():
    """Every table and every verb: what the login may is what the list of grants says, tried by signing in."""
    with open(os.path.join(REPO, "sql/tests/granted_tables.txt"), encoding="utf-8") as file:
        granted = {line.split("|")[0]: line.rstrip("\n").split("|")[1:] for line in file}
    tried = 0
    for place, user in enumerate(("hulei-engine", "hulei-courier", "hulei-console", "hulei-auditor")):
        script = ""
        for table in tables():
            for verb, statement in (("S", f"PERFORM t FROM {table} t LIMIT 0"), ("D", f"DELETE FROM {table} WHERE false"),
                                    ("I", f"INSERT INTO {table} DEFAULT VALUES"), ("T", f"TRUNCATE {table}")):
                if verb.lower() not in granted[table][place].lower():
                    script += f"""DO $$ BEGIN {statement}; RAISE EXCEPTION 'let in: {table} {verb}'
                                  USING ERRCODE = 'XX999'; EXCEPTION WHEN insufficient_privilege THEN NULL; END $$;\n"""
                    tried += 1
        same(as_login(user, "BEGIN;\n" + script + "ROLLBACK;"), ("", ""), f"{user} beyond its grants")
    check(tried > 200, f"{tried} tables and verbs tried")
    return tried


def doors():
    """Settings and programs by which a login would become more than it is."""
    attempts = {
        "hulei-engine": ["SET ROLE hulei_owner", "SET ROLE hulei_console", "SET SESSION AUTHORIZATION postgres",
                         "COPY (SELECT 1) TO PROGRAM 'id'", "SELECT pg_read_file('/etc/passwd')", "CREATE TABLE hulei.x (n int)",
                         "CREATE TABLE public.x (n int)", "ALTER TABLE record DISABLE ROW LEVEL SECURITY",
                         "UPDATE decision SET account_id = 1", "INSERT INTO alert DEFAULT VALUES", "UPDATE setting SET value = '0'",
                         "SELECT lo_import('/etc/passwd')", "SET session_replication_role = replica",
                         "SELECT * FROM pg_authid", "SELECT * FROM credential"],
        "hulei-console": ["SET row_security = off; SELECT * FROM pair", "SET ROLE hulei_engine", "UPDATE setting SET value = '0'",
                          "SET session_replication_role = replica", "SELECT body FROM record", "SELECT * FROM mention",
                          "INSERT INTO decision DEFAULT VALUES", "SELECT pg_read_file('/etc/passwd')",
                          "ALTER ROLE hulei_console BYPASSRLS", "SELECT * FROM data_key"],
        "hulei-courier": ["SELECT body FROM record", "SELECT * FROM mention", "SET ROLE hulei_owner",
                          "UPDATE alert SET tier = 4", "SELECT * FROM credential"],
        "hulei-auditor": ["SELECT * FROM pair", "DELETE FROM audit_entry", "DELETE FROM audit_lane", "SELECT * FROM record"],
    }
    for user, texts in attempts.items():
        for text in texts:
            state, said = as_login(user, text)
            check(state in DENIED, f"{user}: {text}: {state or 'let in'}")
            same(said, "", f"{user}: {text}: rows")
    return sum(map(len, attempts.values()))


def forged_session():
    """The console's login without a reviewer's token sees no row, whatever it sets."""
    for text in ("", "SET hulei.session = '1';", "SET hulei.token = 'x'; SET hulei.account_id = '1';"):
        for table in ("pair", "review_task", "alert", "delivery"):
            check(number(f"SELECT count(*) FROM {table}") > 0, f"rows of {table}")
            state, said = as_login("hulei-console", f"{text} SELECT count(*) FROM {table}")
            check((state, said) == ("", "0") or state in DENIED, f"console sees {table}: {state} {said}")
    for user in ("nobody", "hulei-rev1"):
        state, _ = as_login(user, "SELECT 1")
        check(state != "", f"{user} signs in to the database")
    state, _ = as_login("hulei-courier", "SELECT 1")
    same(state, "", "the courier's own door")


def department():
    """Another's topic, another's source, the same message again, somebody else's receipts and alerts."""
    message = raw(CHILDREN, "child", "at-forged", NOW, child("罗小蕾", "2015-06-01", 900, HOUSE), "at-forged", source=SOURCE[PERSONS])
    before, records = counted(), number("SELECT count(*) FROM record")
    push_raw([message])
    await_counted(before + 1)
    same(sql("SELECT field, rule FROM parked ORDER BY parked_id DESC LIMIT 1")[0][0], "source", "a forged source is parked")
    same(number("SELECT count(*) FROM record"), records, "records after a forged source")
    known = CHILD_MESSAGE
    push_raw([known, known])
    await_counted(before + 3)
    same(number("SELECT count(*) FROM record"), records, "records after a replay")
    for principal, topic in (("civil-affairs-children", CORRECTIONS), ("civil-affairs-children", "hulei.alert.pcs-500111004"),
                             ("civil-affairs-children", "hulei.ack.pcs-500111004"), ("post-pcs-500111004", "hulei.ack.gaj-dz"),
                             ("post-pcs-500111004", CHILDREN)):
        ends = log_ends({topic})
        done = subprocess.run(["kcat", "-F", os.path.join(RUN, f"secrets/{principal}.kcat"), "-P", "-t", topic, "-X",
                               "message.timeout.ms=3000"], input=b"x", capture_output=True, check=False)
        check(done.returncode != 0, f"{principal} writes to {topic}")
        same(log_ends({topic}), ends, f"{topic} after {principal}")
    for principal, topic in (("civil-affairs-children", CORRECTIONS), ("civil-affairs-children", "hulei.alert.pcs-500111004"),
                             ("post-gaj-dz", "hulei.alert.pcs-500111004")):
        done = subprocess.run(["kcat", "-F", os.path.join(RUN, f"secrets/{principal}.kcat"), "-C", "-t", topic, "-o", "beginning", "-e",
                               "-m", "5"], capture_output=True, check=False, timeout=20)
        same(done.stdout, b"", f"{principal} reads {topic}")


def exchanged_rows(engine):
    """Ciphertexts exchanged between rows, with and without their keys: nothing of the other is shown, and it is said."""
    sql("""CREATE TABLE public.attack AS SELECT record_id, body, facts, data_key_id FROM record WHERE subject IN ('at-c', 'at-d')""")
    try:
        for columns in ("body = o.body", "body = o.body, facts = o.facts, data_key_id = o.data_key_id"):
            sql(f"""UPDATE record r SET {columns} FROM public.attack m JOIN public.attack o ON o.record_id <> m.record_id
                    WHERE r.record_id = m.record_id""")
            done = subprocess.run(["runuser", "-u", "hulei-engine", "--", BIN, "subject-report", "--record", SOURCE[CHILDREN], "at-c",
                                   "--reason", "TEST", "--values", "--config", CONFIG], capture_output=True, text=True, check=False,
                                  cwd="/", env=os.environ | {"SUDO_USER": "hulei-op1"})
            check("罗小蕾" not in done.stdout and "陈小丁" not in done.stdout, f"shown of exchanged rows: {done.stdout}")
            sql("""UPDATE record r SET body = a.body, facts = a.facts, data_key_id = a.data_key_id FROM public.attack a
                   WHERE r.record_id = a.record_id""")
    finally:
        sql("DROP TABLE public.attack")
    check(engine.is_running(), "the engine runs")


def loose_keys():
    """A key file that others could read, of another owner, of another length, or a link: the role does not start."""
    folder = os.path.join(RUN, "keys-attack")
    source = os.path.join(RUN, "keys-engine")
    owner = pwd.getpwnam("hulei-engine")
    with open(CONFIG, encoding="utf-8") as file:
        text = file.read()
    config = os.path.join(RUN, ".attack.yaml")
    with open(config, "w", encoding="utf-8") as file:
        file.write(text.replace("keys: keys-engine", "keys: keys-attack"))
    names = os.listdir(source)
    for what, spoil in (("mode 0440", lambda path: os.chmod(path, 0o440)),
                        ("mode 0600", lambda path: os.chmod(path, 0o600)), ("another's", lambda path: os.chown(path, 0, 0)),
                        ("cut short", lambda path: os.truncate(path, 16)),
                        ("a link", lambda path: (os.rename(path, path + ".real"), os.symlink(path + ".real", path)))):
        for name in names:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(source, folder)
            for path in [folder] + [os.path.join(folder, other) for other in names]:
                os.chown(path, owner.pw_uid, owner.pw_gid)
            spoil(os.path.join(folder, name))
            done = subprocess.run(["timeout", "10", "runuser", "-u", "hulei-engine", "--", BIN, "engine", "--config", config],
                                  capture_output=True, text=True, check=False, cwd="/")
            check(done.returncode not in (0, 124) and "key" in done.stdout + done.stderr,
                  f"{name} {what}: status {done.returncode}: {done.stdout} {done.stderr}")
    os.unlink(config)
    shutil.rmtree(folder)


CHILD_MESSAGE = raw(CHILDREN, "child", "at-c", NOW, child("罗小蕾", "2015-06-01", 2, HOUSE), "at-1")


def proof():
    reset()
    sql("INSERT INTO account (name, os_user, roles) VALUES ('op1', 'hulei-op1', '{operator}') ON CONFLICT DO NOTHING")
    engine = start_engine()
    Role("courier").await_log("feeds_assigned")
    Role("console").await_log("console_ready")
    push_raw([CHILD_MESSAGE, raw(CHILDREN, "child", "at-d", NOW, child("陈小丁", "2014-06-01", 4, STREET + "9号1单元101室"), "at-2"),
              raw(CORRECTIONS, "risk", "at-r", NOW, risk("尹某甲", "1980-03-04", 3, HOUSE), "at-3")])
    await_counted(3)
    await_rest()
    task = wait_until(lambda: value("SELECT public_id FROM review_task WHERE state = 'open' AND kind = 'pair'"), 20, "a task")
    check(review("hulei-rev1", "accept", task)["ok"], "accept")
    wait_until(lambda: number("SELECT count(*) FROM delivery") > 0, 20, "deliveries")
    tried = beyond_grants()
    tried += doors()
    forged_session()
    department()
    exchanged_rows(engine)
    loose_keys()
    same(sql("SELECT * FROM audit_verify()"), [], "faults of the audit chain")
    return f"{tried} statements beyond grants"


if __name__ == "__main__":
    main(proof)
