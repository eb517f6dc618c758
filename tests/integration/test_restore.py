#!/usr/bin/env python3
"""Backups that this machine cannot read, and a restore that forgets again: a base and WAL sealed to the recovery
certificate, a drill to a moment before an erasure, and files that are altered, exchanged, cut short, or for another key."""
import datetime
import glob
import shutil

from stack import *  # noqa: F403

FOLDER = os.path.join(RUN, "backup")
KEY = os.path.join(RUN, "secrets/recovery.key")
OPERATOR = "hulei-op1"
COUNTS = "SELECT (SELECT count(*) FROM record), (SELECT count(*) FROM person), (SELECT count(*) FROM pair)"
NAME = "罗还原"


def hulei(*arguments, user="postgres", status=0):
    done = subprocess.run(["runuser", "-u", user, "--", BIN, *arguments, "--config", CONFIG], capture_output=True, text=True,
                          check=False, cwd="/")
    same(done.returncode, status, f"hulei {' '.join(arguments)}: {done.stdout} {done.stderr}")
    return done.stdout + done.stderr


def set_archive_command(command):
    for text in (f"ALTER SYSTEM SET archive_command = '{command}'", "SELECT pg_reload_conf()"):
        sql(text)


def archived():
    """All written until now is in the folder."""
    segment = value("SELECT pg_walfile_name(pg_current_wal_lsn())")
    sql("SELECT pg_switch_wal()")
    wait_until(lambda: glob.glob(f"{FOLDER}/wal/{segment}-*.sealed"), 30, f"WAL segment {segment} in the folder")


def send(first, count, gone=()):
    """Children of their own house; the first has a man of class A there."""
    house = STREET + "{}号1单元101室"
    messages = [raw(CHILDREN, "child", f"rs-c-{n}", NOW, child(NAME, "2015-06-01", 2 * n, house.format(n + 20)), f"rs-{n}")
                for n in range(first, first + count)]
    messages += [raw(CORRECTIONS, "risk", "rs-r-1", NOW, risk("尹某甲", "1980-03-04", 203, house.format(20)), "rs-r")] * (first == 0)
    known = counted()
    push_raw(messages)
    await_counted(known + len(messages))
    await_rest()


def drill(at, query, status=0, key=KEY):
    environment = os.environ | {"HULEI_CONFIG": CONFIG, "HULEI_BIN": BIN, "SUDO_USER": OPERATOR, "HULEI_DRILL_QUERY": query}
    done = subprocess.run([os.path.join(REPO, "deploy/drill"), "--key", key, "--at", at], capture_output=True, text=True,
                          check=False, env=environment)
    same(done.returncode, status, f"the drill: {done.stdout} {done.stderr}")
    return done.stdout


def nothing_readable():
    """No value of a record and no header of PostgreSQL in any file; the search itself finds both in the open."""
    needles = [NAME.encode(), "尹某甲".encode(), b"PG_VERSION", b"hulei.conf"]
    files = glob.glob(f"{FOLDER}/*/*.sealed")
    check(len(files) >= 3, f"sealed files: {files}")
    for path in files:
        same(os.stat(path).st_mode & 0o777, 0o600, f"mode of {path}")
        with open(path, "rb") as file:
            body = file.read()
        same([needle for needle in needles if needle in body], [], f"readable in {os.path.basename(path)}")
    found = subprocess.run(["grep", "-rlq", "hulei.conf", os.path.join(RUN, "pg/postgresql.conf")], check=False)
    same(found.returncode, 0, "the open file")


def refused_files():
    """Each file for itself only, whole, and for the right key."""
    bad = os.path.join(RUN, "backup-bad")
    out = os.path.join(RUN, "sock/segment.out")
    one, other = sorted(glob.glob(f"{FOLDER}/wal/" + "[0-9A-F]" * 24 + "-*.sealed"))[:2]
    name, other_name = (os.path.basename(path).split("-")[0] for path in (one, other))
    stranger = os.path.join(RUN, "secrets/stranger")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout",
                    stranger + ".key", "-out", stranger + ".pem", "-days", "1", "-subj", "/CN=stranger"], check=True,
                   capture_output=True)
    shutil.chown(stranger + ".key", "postgres")
    config = os.path.join(RUN, ".bad.yaml")
    with open(CONFIG, encoding="utf-8") as source, open(config, "w", encoding="utf-8") as target:
        target.write(source.read().replace("  folder: backup ", "  folder: backup-bad "))
    with open(one, "rb") as file:
        whole = file.read()

    def fetch(body, wanted=name, key=KEY):
        shutil.rmtree(bad, ignore_errors=True)
        os.makedirs(bad + "/wal")
        with open(f"{bad}/wal/{wanted}-{'0' * 32}.sealed", "wb") as file:
            file.write(body)
        subprocess.run(["chown", "-R", "postgres", bad], check=True)
        done = subprocess.run(["runuser", "-u", "postgres", "--", BIN, "restore", "wal", wanted, out, "--key", key, "--config",
                               config], capture_output=True, check=False, cwd="/")
        return done.returncode

    same(fetch(whole), 0, "the file as it is")
    same(os.path.getsize(out), 16 << 20, "the segment")
    middle = len(whole) // 2
    for what, body, more in (
            ("a bit flipped", whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1:], {}),
            ("cut short", whole[:-1], {}),
            ("cut at a chunk", whole[:-(65536 + 17)], {}),
            ("something behind its end", whole + b"x", {}),
            ("under another name", whole, {"wanted": other_name}),
            ("for another key", whole, {"key": stranger + ".key"}),
            ("no sealed file", b"x" * 4096, {})):
        same(fetch(body, **more), 2, what)
    same(hulei("restore", "wal", "0" * 24, out, "--key", KEY, status=1), "", "a segment that is not there")
    for path in (config, out, stranger + ".key", stranger + ".pem"):
        os.unlink(path)
    shutil.rmtree(bad)


def archive_twice():
    """The same segment again is no fault, another of its name is."""
    one = sorted(glob.glob(f"{FOLDER}/wal/" + "[0-9A-F]" * 24 + "-*.sealed"))[0]
    name = os.path.basename(one).split("-")[0]
    path = os.path.join(RUN, "sock", name)
    hulei("restore", "wal", name, path, "--key", KEY)
    before = os.stat(one).st_mtime_ns
    hulei("backup", "wal", path)
    same(os.stat(one).st_mtime_ns, before, "archived once")
    with open(path, "r+b") as file:
        file.write(b"other")
    hulei("backup", "wal", path, status=1)
    os.unlink(path)
    hulei("backup", "wal", "/etc/passwd", status=2)


def too_old():
    """What is older than 35 days goes, with the WAL that only it needed."""
    base = glob.glob(f"{FOLDER}/base/*.tar.sealed")[0]
    old = f"{FOLDER}/base/20200102T030405Z.tar.sealed"
    wal = f"{FOLDER}/wal/{'0' * 24}-{'0' * 32}.sealed"
    kept = set(glob.glob(f"{FOLDER}/wal/*.sealed"))
    for path in (old, wal):
        shutil.copy(base, path)
        os.utime(path, (1577934245, 1577934245))
    hulei("backup", "list")
    check("1 bases and 1 WAL" in hulei("backup", "prune"), "what went")
    check(not os.path.exists(old) and not os.path.exists(wal) and os.path.exists(base), "old and new")
    same(set(glob.glob(f"{FOLDER}/wal/*.sealed")), kept, "WAL that is needed")


def proof():
    reset()
    sql(f"INSERT INTO account (name, os_user, roles) VALUES ('op1', '{OPERATOR}', '{{operator}}') ON CONFLICT DO NOTHING")
    undo = value("SELECT value FROM setting WHERE name = 'erase_undo_s'")
    for path in glob.glob(f"{FOLDER}/*/*"):
        os.unlink(path)
    hulei("backup", "list", status=1)
    try:
        set_archive_command(f'HULEI_CONFIG={CONFIG} {BIN} backup wal "%p"')
        sql("UPDATE setting SET value = '0' WHERE name = 'erase_undo_s'")
        start_engine()
        send(0, 20)
        check("base 20" in hulei("backup", "base"), "a base backup")
        hulei("backup", "list")
        send(20, 5)
        wanted = sql(COUNTS)
        time.sleep(1.1)
        at = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        time.sleep(1.1)
        subprocess.run(["runuser", "-u", "hulei-engine", "--", BIN, "erase", "--record", SOURCE[CHILDREN], "rs-c-0", "--reason",
                        "ART47", "--config", CONFIG], check=True, cwd="/", env=os.environ | {"SUDO_USER": OPERATOR},
                       capture_output=True)
        wait_until(lambda: number("SELECT count(*) FROM record WHERE subject = 'rs-c-0'") == 0, 20, "erased")
        wait_until(lambda: number("SELECT count(*) FROM erasure WHERE done_at IS NOT NULL AND ledgered_at IS NULL") == 0, 20,
                   "the ledger")
        send(25, 5)
        archived()
        said = drill(at, """SELECT (SELECT count(*) FROM hulei.record WHERE subject = 'rs-c-0'),
            (SELECT count(*) FROM hulei.record), (SELECT count(*) FROM hulei.erased_record) > 0,
            (SELECT count(*) FROM hulei.data_key k WHERE NOT EXISTS (SELECT FROM hulei.record r
                WHERE r.data_key_id = k.data_key_id) AND NOT EXISTS (SELECT FROM hulei.parked p
                WHERE p.data_key_id = k.data_key_id))""")
        restored = re.search(r"audit entries: (\d+)\|(\d+)\|(\d+)\|", said)
        same(list(restored.groups()), wanted[0], "records, persons and pairs at that moment")
        check(f"query: 0|{int(wanted[0][0]) - 1}|t|0" in said, f"what is erased stays erased: {said}")
        drill("2020-01-01T00:00:00Z", "SELECT 1", status=1)
        nothing_readable()
        refused_files()
        archive_twice()
        too_old()
        check("PostgreSQL's OS user" in subprocess.run(
            [BIN, "restore", "base", "--into", "/nowhere", "--key", KEY, "--config", CONFIG], capture_output=True, text=True,
            check=False).stderr, "not as root")
    finally:
        sql(f"UPDATE setting SET value = '{undo}' WHERE name = 'erase_undo_s'")
        set_archive_command("/bin/true")
    return f"{wanted[0][0]} records, to {at}"


if __name__ == "__main__":
    main(proof)
