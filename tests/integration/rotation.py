"""Keys change while records flow: what the quick proof and the full one share.
Starts the engine and the console; what stands in the alerts' outbox is of no concern here."""
import datetime
import glob
import json
import os
import signal
import subprocess
import tempfile
import threading
import time

from console_http import Browser, NEW_PASSWORD, first_factor, sign_in, totp
from stack import (BIN, CHILDREN, CONFIG, RUN, SOURCE, STREET, Failure, Role, await_counted, check, child, counted, name_of,
                   number, port, push_raw, random, raw, reset, same, sql, start_engine, wait_until, work_folder)

FOLDERS = [os.path.join(RUN, "keys-" + role) for role in ("engine", "courier", "console")]


class Flow(threading.Thread):
    """One record after the other, each with the time it was sent: what arrives late tells of a pause."""

    def __init__(self, every):
        super().__init__(daemon=True)
        self.every, self.is_over, self.sent = every, False, 0

    def run(self):
        pusher = subprocess.Popen(
            ["kcat", "-F", os.path.join(RUN, "secrets/civil-affairs-children.kcat"), "-P", "-t", CHILDREN, "-K", "|", "-X",
             "linger.ms=0", "-H", "content-type=application/cloudevents+json"], stdin=subprocess.PIPE)
        dice = random.Random(5)
        while not self.is_over:
            self.sent += 1
            now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
            girl = child(name_of(dice), f"2015-03-{1 + self.sent % 28:02d}", self.sent % 400 * 2, STREET + "7号1单元101室")
            event = {"specversion": "1.0", "id": f"flow-{self.sent}", "source": SOURCE[CHILDREN], "type": "hulei.child.v1",
                     "subject": f"flow-{self.sent}", "time": now, "datacontenttype": "application/json", "data": girl}
            pusher.stdin.write(f"child:flow-{self.sent}|{json.dumps(event, ensure_ascii=False)}\n".encode())
            pusher.stdin.flush()
            time.sleep(self.every)
        pusher.stdin.close()
        pusher.wait()

    def stop(self):
        self.is_over = True
        self.join()

    @staticmethod
    def longest_ms():
        return number("SELECT max(extract(epoch FROM updated_at - version_time) * 1000)::int FROM record WHERE subject LIKE 'flow-%'")


def newest():
    return max(int(os.path.basename(path)[4:].split(".")[0]) for path in glob.glob(FOLDERS[0] + "/kek-*"))


def rotate(keep):
    return subprocess.Popen([BIN, "rotate-keys", "--keep", keep, "--config", CONFIG], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def kill_when(condition, what, keep):
    """Begins, or goes on, and is killed the moment the condition holds."""
    command = rotate(keep)
    deadline = time.monotonic() + 60
    while not condition():
        if command.poll() is not None or time.monotonic() > deadline:
            raise Failure(f"rotate-keys ended with {command.poll()} before {what}: {command.communicate()[1]}")
    command.send_signal(signal.SIGKILL)
    command.communicate()


def kill_in_the_middle(kek, keep):
    """Half of the rows are held by somebody else, so that the other half is rewrapped and then waits."""
    holder = subprocess.Popen(["psql", "-X", "-q", "-h", os.path.join(RUN, "sock"), "-p", port(), "-U", "postgres", "-d", "hulei"],
                              stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    holder.stdin.write(b"BEGIN; SELECT FROM hulei.data_key WHERE data_key_id % 2 = 0 FOR UPDATE;\n")
    holder.stdin.flush()
    wait_until(lambda: number("SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
                              " WHERE c.relname = 'data_key' AND l.mode = 'RowShareLock'") > 0, 10, "rows are held")
    all_keys = left(kek)
    kill_when(lambda: left(kek) <= all_keys // 2 + 1, "the middle of the rewrapping", keep)
    half = left(kek)
    holder.communicate()
    check(0 < half < all_keys, f"killed in the middle, {half} of {all_keys} to go")
    return f"{half} of {all_keys}"


def left(kek):
    return number(f"SELECT count(*) FROM data_key WHERE kek_id < {kek}")


def check_files(kek, keep):
    for folder in FOLDERS:
        same(sorted(os.path.basename(path) for path in glob.glob(folder + "/kek-*")), [f"kek-{kek}.key"], "keys in " + folder)
        facts = os.stat(f"{folder}/kek-{kek}.key")
        same((facts.st_mode & 0o7777, facts.st_uid), (0o400, os.stat(folder).st_uid), "mode and owner of the new key")
    check(os.path.exists(f"{keep}/kek-{kek - 1}.key"), "the old key is kept for backups")


def check_readable(records):
    """Everything that is sealed opens under the new key alone: index, parked message, second factor."""
    engine = start_engine(label="engine-again")
    check(f"records={records}" in engine.log(), "the index holds all records")
    check("unreadable" not in engine.log(), "no sealed value is unreadable")
    parked = number("SELECT min(parked_id) FROM parked")
    done = subprocess.run(["runuser", "-u", "hulei-engine", "--", BIN, "quarantine", "show", str(parked), "--body", "--reason",
                           "TEST", "--config", CONFIG], capture_output=True, text=True, check=False, cwd="/")
    check("rich" in done.stdout, "the parked message opens: " + done.stderr)
    engine.stop()


def prove(base, every):
    reset()
    keep = tempfile.mkdtemp(dir=work_folder())
    engine, console = start_engine(), Role("console")
    console.await_log("event=console_ready", 60)
    sql("TRUNCATE session; DELETE FROM credential")
    secret = sign_in("rotation-web", "reviewer").secret
    dice = random.Random(3)
    push_raw([raw(CHILDREN, "child", f"base-{n}", "2026-03-01T08:00:00+08:00",
                  child(name_of(dice), f"2014-0{1 + n % 9}-{1 + n % 28:02d}", n % 450 * 2, f"{STREET}{n}号1单元101室",
                        circumstances=["rich"] if n == 0 else ["left_behind"]), f"base-{n}") for n in range(base)])
    await_counted(base, 60 + base / 200)
    kek = newest() + 1
    flow = Flow(every)
    flow.start()
    wait_until(lambda: counted() > base, 20, "records flow")

    kill_when(lambda: any(os.path.exists(f"{folder}/kek-{kek}.next") for folder in FOLDERS), "the new key's arrival", keep)
    kill_when(lambda: any(os.path.exists(f"{folder}/kek-{kek}.key") for folder in FOLDERS), "the new key's use", keep)
    half = kill_in_the_middle(kek, keep)
    kill_when(lambda: left(kek) == 0, "the scan", keep)
    last = rotate(keep)
    said = last.communicate()[0]
    same(last.returncode, 0, "the last run ends well")
    time.sleep(1)
    flow.stop()
    await_counted(base + flow.sent, 30)
    same((engine.is_running(), console.is_running()), (True, True), "no role was restarted")
    check("unreadable" not in engine.log(), "the engine reads all along")
    longest = flow.longest_ms()
    records = number("SELECT count(*) FROM record WHERE state = 'live'")
    same((left(kek), records), (0, base - 1 + flow.sent), "keys left, records held")
    check_files(kek, keep)
    check(sql(f"INSERT INTO data_key (data_key_id, wrapped) SELECT -1, overlay(wrapped placing '\\x{kek - 1:08x}'::bytea from 3)"
              " FROM data_key LIMIT 1", False) is None, "the database takes nothing under the retired key")
    browser = Browser()
    same(first_factor(browser, "rotation-web", NEW_PASSWORD).json["state"], "totp", "the first factor")
    same(browser.post("/api/session/factor", {"code": totp(secret, time.time() + 30)}).status, 200, "the second factor opens")
    engine.stop()
    check_readable(records)
    return (f"{base} records, then {flow.sent} while keys changed; killed 4 times, once with {half} keys to go; "
            f"longest from send to commit {longest} ms; {said.strip().splitlines()[-1]}"), longest
