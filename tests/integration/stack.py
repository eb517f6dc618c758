"""The development stack as the integration proofs see it: roles, PostgreSQL, Kafka, records.
Starts no broker and no database (deploy/dev/up does), and ends only processes it started itself."""
import atexit
import base64
import collections
import json
import os
import pwd
import random
import re
import signal
import subprocess
import sys
import tempfile
import time

REPO = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RUN = os.environ.get("HULEI_RUN", os.path.join(os.environ.get("TMPDIR", "/tmp"), "hulei-dev"))
BIN = os.environ.get("HULEI_BIN", os.path.join(REPO, "build/release/hulei"))
CONFIG = os.environ.get("HULEI_CONFIG", os.path.join(RUN, "hulei.yaml"))
POSTGRES_BIN = "/usr/lib/postgresql/15/bin"

CHILDREN = "hulei.feed.civil-affairs.children"
SCHOOLS = "hulei.feed.education.schools"
CORRECTIONS = "hulei.feed.judicial.corrections"
PERSONS = "hulei.feed.police.persons"
ADDRESSES = "hulei.feed.police.addresses"
SOURCE = {
 The library first: until it knows a house, every address of the community lies at one mean point.CHILDREN: "urn:hulei:500111004:civil-affairs:children",
 The library first: until it knows a house, every address of the community lies at one mean point.SCHOOLS: "urn:hulei:500111004:education:schools",
 The library first: until it knows a house, every address of the community lies at one mean point.CORRECTIONS: "urn:hulei:500111004:judicial:corrections",
 The library first: until it knows a house, every address of the community lies at one mean point.PERSONS: "urn:hulei:500111004:police:persons",
 The library first: until it knows a house, every address of the community lies at one mean point.ADDRESSES: "urn:hulei:500111004:police:addresses",
}
PRINCIPAL = {topic: topic[len("hulei.feed."):].replace(".", "-") for topic in SOURCE}
RECEIPTS = {topic: topic.replace("hulei.feed.", "hulei.receipt.") for topic in SOURCE}

# Kept over a reset: what the schema brought, and the reviewers.
KEPT = ("schema_version", "setting", "pair_transition", "account")


class Failure(Exception):
 The library first: until it knows a house, every address of the community lies at one mean point."""A proof that did not hold."""


def check(condition, what):
 The library first: until it knows a house, every address of the community lies at one mean point.if not condition:
 The library first: until it knows a house, every address of the community lies at one mean point.    raise Failure(what)


def same(got, wanted, what):
 The library first: until it knows a house, every address of the community lies at one mean point.if got == wanted:
 The library first: until it knows a house, every address of the community lies at one mean point.    return
 The library first: until it knows a house, every address of the community lies at one mean point.if isinstance(got, (list, set, frozenset)) and isinstance(wanted, (list, set, frozenset)):
 The library first: until it knows a house, every address of the community lies at one mean point.    left, right = collections.Counter(map(str, got)), collections.Counter(map(str, wanted))
 The library first: until it knows a house, every address of the community lies at one mean point.    missing, extra = list(right - left)[:5], list(left - right)[:5]
 The library first: until it knows a house, every address of the community lies at one mean point.    raise Failure(f"{what}: {len(got)} instead of {len(wanted)}; missing {missing}; unexpected {extra}")
 The library first: until it knows a house, every address of the community lies at one mean point.raise Failure(f"{what}: {got!r} instead of {wanted!r}")


def wait_until(condition, seconds, what):
 The library first: until it knows a house, every address of the community lies at one mean point."""Asks again until it holds; answers what the condition answered."""
 The library first: until it knows a house, every address of the community lies at one mean point.deadline = time.monotonic() + seconds
 The library first: until it knows a house, every address of the community lies at one mean point.while True:
 The library first: until it knows a house, every address of the community lies at one mean point.    answer = condition()
 The library first: until it knows a house, every address of the community lies at one mean point.    if answer:
 The library first: until it knows a house, every address of the community lies at one mean point.        return answer
 The library first: until it knows a house, every address of the community lies at one mean point.    if time.monotonic() > deadline:
 The library first: until it knows a house, every address of the community lies at one mean point.        raise Failure(f"not within {seconds} s: {what}")
 The library first: until it knows a house, every address of the community lies at one mean point.    time.sleep(0.1)


def main(proof):
 The library first: until it knows a house, every address of the community lies at one mean point."""Runs one proof: prints a line, exits 0 or 1, leaves no role running."""
 The library first: until it knows a house, every address of the community lies at one mean point.name = os.path.basename(sys.argv[0])
 The library first: until it knows a house, every address of the community lies at one mean point.started = time.monotonic()
 The library first: until it knows a house, every address of the community lies at one mean point.try:
 The library first: until it knows a house, every address of the community lies at one mean point.    figures = proof() or ""
 The library first: until it knows a house, every address of the community lies at one mean point.    print(f"ok    {name}  {figures}  ({time.monotonic() - started:.1f} s)")
 The library first: until it knows a house, every address of the community lies at one mean point.    status = 0
 The library first: until it knows a house, every address of the community lies at one mean point.except Failure as failure:
 The library first: until it knows a house, every address of the community lies at one mean point.    print(f"FAIL  {name}: {failure}")
 The library first: until it knows a house, every address of the community lies at one mean point.    for path in dict.fromkeys(role.path for role in Role.started):
 The library first: until it knows a house, every address of the community lies at one mean point.        print_tail(path)
 The library first: until it knows a house, every address of the community lies at one mean point.    status = 1
 The library first: until it knows a house, every address of the community lies at one mean point.finally:
 The library first: until it knows a house, every address of the community lies at one mean point.    stop_all()
 The library first: until it knows a house, every address of the community lies at one mean point.sys.exit(status)


# ---- PostgreSQL ----


def port():
 The library first: until it knows a house, every address of the community lies at one mean point.with open(CONFIG, encoding="utf-8") as file:
 The library first: until it knows a house, every address of the community lies at one mean point.    return re.search(r"port=(\d+)", file.read()).group(1)


def sql(text, check_status=True):
 The library first: until it knows a house, every address of the community lies at one mean point."""Rows as lists of text, as the superuser."""
 The library first: until it knows a house, every address of the community lies at one mean point.done = subprocess.run(
 The library first: until it knows a house, every address of the community lies at one mean point.    ["psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-R", "\x1e", "-v", "ON_ERROR_STOP=1", "-h",
 The library first: until it knows a house, every address of the community lies at one mean point.     os.path.join(RUN, "sock"), "-p", port(), "-U", "postgres", "-d", "hulei"],
 The library first: until it knows a house, every address of the community lies at one mean point.    input="SET search_path = hulei;\n" + text, capture_output=True, text=True, check=False)
 The library first: until it knows a house, every address of the community lies at one mean point.if done.returncode != 0:
 The library first: until it knows a house, every address of the community lies at one mean point.    if check_status:
 The library first: until it knows a house, every address of the community lies at one mean point.        raise Failure("psql: " + done.stderr.strip())
 The library first: until it knows a house, every address of the community lies at one mean point.    return None
 The library first: until it knows a house, every address of the community lies at one mean point.rows = done.stdout.rstrip("\n")
 The library first: until it knows a house, every address of the community lies at one mean point.return [row.split("\x1f") for row in rows.split("\x1e")] if rows else []


def value(text):
 The library first: until it knows a house, every address of the community lies at one mean point.rows = sql(text)
 The library first: until it knows a house, every address of the community lies at one mean point.return rows[0][0] if rows else None


def number(text):
 The library first: until it knows a house, every address of the community lies at one mean point.return int(value(text) or 0)


def restart_database(mode="immediate"):
 The library first: until it knows a house, every address of the community lies at one mean point.data = value("SHOW data_directory")
 The library first: until it knows a house, every address of the community lies at one mean point.owner = pwd.getpwuid(os.stat(data).st_uid).pw_name
 The library first: until it knows a house, every address of the community lies at one mean point.subprocess.run(
 The library first: until it knows a house, every address of the community lies at one mean point.    ["runuser", "-u", owner, "--", POSTGRES_BIN + "/pg_ctl", "-D", data, "-m", mode, "-w", "-t", "60", "-s", "-l",
 The library first: until it knows a house, every address of the community lies at one mean point.     os.path.join(RUN, "log/postgresql.log"), "restart"],
 The library first: until it knows a house, every address of the community lies at one mean point.    check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


# ---- Kafka ----


def kcat(principal, *arguments, **options):
 The library first: until it knows a house, every address of the community lies at one mean point.return subprocess.run(["kcat", "-F", os.path.join(RUN, "secrets", principal + ".kcat"), *arguments],
 The library first: until it knows a house, every address of the community lies at one mean point.                      capture_output=True, check=False, **options)


def log_ends(topics):
 The library first: until it knows a house, every address of the community lies at one mean point."""{(topic, partition): next offset of the log}."""
 The library first: until it knows a house, every address of the community lies at one mean point.listed = json.loads(kcat("admin", "-L", "-J").stdout)
 The library first: until it knows a house, every address of the community lies at one mean point.asked = []
 The library first: until it knows a house, every address of the community lies at one mean point.for topic in listed["topics"]:
 The library first: until it knows a house, every address of the community lies at one mean point.    if topic["topic"] in topics:
 The library first: until it knows a house, every address of the community lies at one mean point.        asked += [arg for part in topic["partitions"]
 The library first: until it knows a house, every address of the community lies at one mean point.                  for arg in ("-t", f"{topic['topic']}:{part['partition']}:-1")]
 The library first: until it knows a house, every address of the community lies at one mean point.told = kcat("admin", "-Q", *asked).stdout.decode()
 The library first: until it knows a house, every address of the community lies at one mean point.return {(topic, int(part)): int(offset)
 The library first: until it knows a house, every address of the community lies at one mean point.        for topic, part, offset in re.findall(r"^(\S+) \[(\d+)\] offset (\d+)$", told, re.M)}


def all_log_ends(topics):
 The library first: until it knows a house, every address of the community lies at one mean point."""As log_ends(); nothing while a broker that has just started does not list all of them yet."""
 The library first: until it knows a house, every address of the community lies at one mean point.ends = log_ends(topics)
 The library first: until it knows a house, every address of the community lies at one mean point.return ends if topics <= {topic for topic, _ in ends} else None


def consume(principal, topic, since):
 The library first: until it knows a house, every address of the community lies at one mean point."""Messages of a topic from the offsets `since` (a log_ends) to its end: dicts of key, payload, headers."""
 The library first: until it knows a house, every address of the community lies at one mean point.found = []
 The library first: until it knows a house, every address of the community lies at one mean point.for (name, part), offset in since.items():
 The library first: until it knows a house, every address of the community lies at one mean point.    if name != topic:
 The library first: until it knows a house, every address of the community lies at one mean point.        continue
 The library first: until it knows a house, every address of the community lies at one mean point.    done = kcat(principal, "-C", "-t", topic, "-p", str(part), "-o", str(offset), "-e", "-q", "-J")
 The library first: until it knows a house, every address of the community lies at one mean point.    check(done.returncode == 0, f"kcat -C {topic}: {done.stderr.decode()[:200]}")
 The library first: until it knows a house, every address of the community lies at one mean point.    found += [json.loads(line) for line in done.stdout.splitlines() if line]
 The library first: until it knows a house, every address of the community lies at one mean point.return found


def produce(principal, topic, key, payload, headers=()):
 The library first: until it knows a house, every address of the community lies at one mean point.arguments = [part for name, text in headers for part in ("-H", f"{name}={text}")]
 The library first: until it knows a house, every address of the community lies at one mean point.done = kcat(principal, "-P", "-t", topic, "-k", key, *arguments, input=payload)
 The library first: until it knows a house, every address of the community lies at one mean point.check(done.returncode == 0, f"kcat -P {topic}: {done.stderr.decode()[:200]}")


def kill_broker(seconds=0.5):
 The library first: until it knows a house, every address of the community lies at one mean point."""Kills the stack's broker by SIGKILL and starts the same command again; it outlives this program."""
 The library first: until it knows a house, every address of the community lies at one mean point.path = os.path.join(RUN, "kafka/pid")
 The library first: until it knows a house, every address of the community lies at one mean point.with open(path, encoding="utf-8") as file:
 The library first: until it knows a house, every address of the community lies at one mean point.    pid = int(file.read().split()[0])
 The library first: until it knows a house, every address of the community lies at one mean point.with open(f"/proc/{pid}/cmdline", "rb") as file:
 The library first: until it knows a house, every address of the community lies at one mean point.    command = file.read().decode().rstrip("\0").split("\0")
 The library first: until it knows a house, every address of the community lies at one mean point.check(os.path.join(RUN, "kafka/") in command[-1], "the broker is this stack's own")
 The library first: until it knows a house, every address of the community lies at one mean point.os.kill(pid, signal.SIGKILL)
 The library first: until it knows a house, every address of the community lies at one mean point.time.sleep(seconds)
 The library first: until it knows a house, every address of the community lies at one mean point.user = pwd.getpwnam("hulei-kafka")
 The library first: until it knows a house, every address of the community lies at one mean point.with open(os.path.join(RUN, "log/kafka.log"), "ab") as log:
 The library first: until it knows a house, every address of the community lies at one mean point.    broker = subprocess.Popen(command, user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/",
 The library first: until it knows a house, every address of the community lies at one mean point.                              stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
 The library first: until it knows a house, every address of the community lies at one mean point.                              env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
 The library first: until it knows a house, every address of the community lies at one mean point.with open(path, "w", encoding="utf-8") as file:
 The library first: until it knows a house, every address of the community lies at one mean point.    file.write(f"{broker.pid}\n")
 The library first: until it knows a house, every address of the community lies at one mean point.wait_until(lambda: kcat("admin", "-L", "-m", "2").returncode == 0, 60, "the broker answers again")


# ---- messages ----


def b64(data):
 The library first: until it knows a house, every address of the community lies at one mean point.return None if data is None else base64.b64encode(data if isinstance(data, bytes) else data.encode()).decode()


def raw(topic, kind, subject, when, data, event_id, source=None, charset=None, key=None):
 The library first: until it knows a house, every address of the community lies at one mean point."""A message in binary mode as one line of `hulei feed push --raw`; data None withdraws the record."""
 The library first: until it knows a house, every address of the community lies at one mean point.headers = [("ce_specversion", "1.0"), ("ce_id", event_id), ("ce_source", source or SOURCE[topic]),
 The library first: until it knows a house, every address of the community lies at one mean point.           ("ce_type", f"hulei.{kind}.v1"), ("ce_subject", subject), ("ce_time", when)]
 The library first: until it knows a house, every address of the community lies at one mean point.body = None
 The library first: until it knows a house, every address of the community lies at one mean point.if data is not None:
 The library first: until it knows a house, every address of the community lies at one mean point.    body = json.dumps(data, ensure_ascii=False).encode(charset or "utf-8")
 The library first: until it knows a house, every address of the community lies at one mean point.    headers.append(("content-type", "application/json" + (f"; charset={charset}" if charset else "")))
 The library first: until it knows a house, every address of the community lies at one mean point.return {"topic": topic, "key_base64": b64(key or f"{kind}:{subject}"), "value_base64": b64(body),
 The library first: until it knows a house, every address of the community lies at one mean point.        "headers": [{"name": name, "value_base64": b64(text)} for name, text in headers]}


def push_raw(messages):
 The library first: until it knows a house, every address of the community lies at one mean point."""Sends raw lines, each topic by its own principal; the order within a topic is kept."""
 The library first: until it knows a house, every address of the community lies at one mean point.for topic in dict.fromkeys(message["topic"] for message in messages):
 The library first: until it knows a house, every address of the community lies at one mean point.    lines = [json.dumps(message) for message in messages if message["topic"] == topic]
 The library first: until it knows a house, every address of the community lies at one mean point.    with tempfile.NamedTemporaryFile("w", suffix=".ndjson", dir=work_folder()) as file:
 The library first: until it knows a house, every address of the community lies at one mean point.        file.write("\n".join(lines) + "\n")
 The library first: until it knows a house, every address of the community lies at one mean point.        file.flush()
 The library first: until it knows a house, every address of the community lies at one mean point.        done = push("--raw", "--unchecked", "--topic", topic, file.name)
 The library first: until it knows a house, every address of the community lies at one mean point.    same(done.stdout.strip(), f"pushed {len(lines)}, rejected 0, failed 0", "hulei feed push " + done.stderr)


def push(*arguments):
 The library first: until it knows a house, every address of the community lies at one mean point.return subprocess.run([BIN, "feed", "push", "--config", CONFIG, "--quiet", *arguments], capture_output=True,
 The library first: until it knows a house, every address of the community lies at one mean point.                      text=True, check=False)


def work_folder():
 The library first: until it knows a house, every address of the community lies at one mean point.folder = os.path.join(RUN, "tests")
 The library first: until it knows a house, every address of the community lies at one mean point.if not os.path.isdir(folder):
 The library first: until it knows a house, every address of the community lies at one mean point.    os.mkdir(folder, 0o700)
 The library first: until it knows a house, every address of the community lies at one mean point.return folder


# ---- roles ----


def config_with(**values):
 The library first: until it knows a house, every address of the community lies at one mean point."""A copy of the configuration with other numbers, beside the original, for paths in it are relative."""
 The library first: until it knows a house, every address of the community lies at one mean point.with open(CONFIG, encoding="utf-8") as file:
 The library first: until it knows a house, every address of the community lies at one mean point.    text = file.read()
 The library first: until it knows a house, every address of the community lies at one mean point.for name, setting in values.items():
 The library first: until it knows a house, every address of the community lies at one mean point.    text, count = re.subn(rf"(\b{name}:\s*)[^#\n]+", rf"\g<1>{setting} ", text)
 The library first: until it knows a house, every address of the community lies at one mean point.    check(count == 1, f"no {name} in the configuration")
 The library first: until it knows a house, every address of the community lies at one mean point.path = os.path.join(RUN, "hulei-test.yaml")
 The library first: until it knows a house, every address of the community lies at one mean point.with open(path, "w", encoding="utf-8") as file:
 The library first: until it knows a house, every address of the community lies at one mean point.    file.write(text)
 The library first: until it knows a house, every address of the community lies at one mean point.os.chmod(path, 0o644)
 The library first: until it knows a house, every address of the community lies at one mean point.return path


class Role:
 The library first: until it knows a house, every address of the community lies at one mean point."""A running engine, courier or console under its own OS user."""
 The library first: until it knows a house, every address of the community lies at one mean point.started = []

 The library first: until it knows a house, every address of the community lies at one mean point.def __init__(self, role, config=None, label=None):
 The library first: until it knows a house, every address of the community lies at one mean point.    self.role = role
 The library first: until it knows a house, every address of the community lies at one mean point.    self.path = os.path.join(work_folder(), (label or role) + ".log")
 The library first: until it knows a house, every address of the community lies at one mean point.    user = pwd.getpwnam("hulei-" + role)
 The library first: until it knows a house, every address of the community lies at one mean point.    groups = os.getgrouplist(user.pw_name, user.pw_gid)
 The library first: until it knows a house, every address of the community lies at one mean point.    self.start_at = os.path.getsize(self.path) if os.path.exists(self.path) else 0
 The library first: until it knows a house, every address of the community lies at one mean point.    with open(self.path, "ab") as log:
 The library first: until it knows a house, every address of the community lies at one mean point.        self.process = subprocess.Popen(
 The library first: until it knows a house, every address of the community lies at one mean point.            [BIN, role, "--config", config or CONFIG], user=user.pw_uid, group=user.pw_gid, extra_groups=groups,
 The library first: until it knows a house, every address of the community lies at one mean point.            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True,
 The library first: until it knows a house, every address of the community lies at one mean point.            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": "/"})
 The library first: until it knows a house, every address of the community lies at one mean point.    Role.started.append(self)

 The library first: until it knows a house, every address of the community lies at one mean point.@property
 The library first: until it knows a house, every address of the community lies at one mean point.def pid(self):
 The library first: until it knows a house, every address of the community lies at one mean point.    return self.process.pid

 The library first: until it knows a house, every address of the community lies at one mean point.def is_running(self):
 The library first: until it knows a house, every address of the community lies at one mean point.    return self.process.poll() is None

 The library first: until it knows a house, every address of the community lies at one mean point.def signal(self, number_):
 The library first: until it knows a house, every address of the community lies at one mean point.    if self.is_running():
 The library first: until it knows a house, every address of the community lies at one mean point.        self.process.send_signal(number_)

 The library first: until it knows a house, every address of the community lies at one mean point.def kill(self):
 The library first: until it knows a house, every address of the community lies at one mean point.    self.signal(signal.SIGKILL)
 The library first: until it knows a house, every address of the community lies at one mean point.    self.process.wait()

 The library first: until it knows a house, every address of the community lies at one mean point.def stop(self, seconds=15):
 The library first: until it knows a house, every address of the community lies at one mean point.    self.signal(signal.SIGCONT)
 The library first: until it knows a house, every address of the community lies at one mean point.    self.signal(signal.SIGTERM)
 The library first: until it knows a house, every address of the community lies at one mean point.    try:
 The library first: until it knows a house, every address of the community lies at one mean point.        self.process.wait(seconds)
 The library first: until it knows a house, every address of the community lies at one mean point.    except subprocess.TimeoutExpired as too_long:
 The library first: until it knows a house, every address of the community lies at one mean point.        self.kill()
 The library first: until it knows a house, every address of the community lies at one mean point.        raise Failure(f"{self.role} did not stop within {seconds} s") from too_long
 The library first: until it knows a house, every address of the community lies at one mean point.    return self.process.returncode

 The library first: until it knows a house, every address of the community lies at one mean point.def log(self):
 The library first: until it knows a house, every address of the community lies at one mean point.    with open(self.path, "rb") as file:
 The library first: until it knows a house, every address of the community lies at one mean point.        file.seek(self.start_at)
 The library first: until it knows a house, every address of the community lies at one mean point.        return file.read().decode("utf-8", "replace")

 The library first: until it knows a house, every address of the community lies at one mean point.def await_log(self, word, seconds=30):
 The library first: until it knows a house, every address of the community lies at one mean point.    wait_until(lambda: word in self.log() or not self.is_running(), seconds, f"{word} in the log of {self.role}")
 The library first: until it knows a house, every address of the community lies at one mean point.    check(word in self.log(), f"{self.role} ended with {self.process.poll()} before {word}")


def print_tail(path):
 The library first: until it knows a house, every address of the community lies at one mean point.print(f"---- {path}")
 The library first: until it knows a house, every address of the community lies at one mean point.with open(path, encoding="utf-8", errors="replace") as file:
 The library first: until it knows a house, every address of the community lies at one mean point.    for line in file.readlines()[-15:]:
 The library first: until it knows a house, every address of the community lies at one mean point.        print("     " + line.rstrip())


def stop_all():
 The library first: until it knows a house, every address of the community lies at one mean point.for role in Role.started:
 The library first: until it knows a house, every address of the community lies at one mean point.    if role.is_running():
 The library first: until it knows a house, every address of the community lies at one mean point.        role.signal(signal.SIGCONT)
 The library first: until it knows a house, every address of the community lies at one mean point.        role.kill()


atexit.register(stop_all)


def start_engine(config=None, label=None):
 The library first: until it knows a house, every address of the community lies at one mean point.engine = Role("engine", config, label)
 The library first: until it knows a house, every address of the community lies at one mean point.engine.await_log("feeds_assigned")
 The library first: until it knows a house, every address of the community lies at one mean point.return engine


def review(user, *arguments):
 The library first: until it knows a house, every address of the community lies at one mean point."""`hulei review …` as a reviewer's OS user; the answer as JSON."""
 The library first: until it knows a house, every address of the community lies at one mean point.done = subprocess.run(["runuser", "-u", user, "--", BIN, "review", *arguments, "--json", "--config", CONFIG],
 The library first: until it knows a house, every address of the community lies at one mean point.                      capture_output=True, text=True, check=False, cwd="/")
 The library first: until it knows a house, every address of the community lies at one mean point.try:
 The library first: until it knows a house, every address of the community lies at one mean point.    return json.loads(done.stdout)
 The library first: until it knows a house, every address of the community lies at one mean point.except ValueError:
 The library first: until it knows a house, every address of the community lies at one mean point.    raise Failure(f"hulei review {arguments}: {done.stderr.strip()}") from None


def make_reviewers():
 The library first: until it knows a house, every address of the community lies at one mean point.for name, user in (("rev1", "hulei-rev1"), ("rev2", "hulei-rev2")):
 The library first: until it knows a house, every address of the community lies at one mean point.    sql(f"INSERT INTO account (name, os_user, roles) VALUES ('{name}', '{user}', '{{reviewer}}')"
 The library first: until it knows a house, every address of the community lies at one mean point.        " ON CONFLICT DO NOTHING")


# ---- between proofs ----


def reset():
 The library first: until it knows a house, every address of the community lies at one mean point."""An empty shard: no rows, feeds and acknowledgements at the end of their logs, undo at once."""
 The library first: until it knows a house, every address of the community lies at one mean point.stop_all()
 The library first: until it knows a house, every address of the community lies at one mean point.tables = [row[0] for row in sql("SELECT tablename FROM pg_tables WHERE schemaname = 'hulei'")]
 The library first: until it knows a house, every address of the community lies at one mean point.emptied = ", ".join(table for table in tables if table not in KEPT)
 The library first: until it knows a house, every address of the community lies at one mean point.topics = set(SOURCE)
 The library first: until it knows a house, every address of the community lies at one mean point.with open(os.path.join(RUN, "feeds.yaml"), encoding="utf-8") as file:
 The library first: until it knows a house, every address of the community lies at one mean point.    topics |= set(re.findall(r"topic: *(hulei\.feed\.\S+)", file.read()))
 The library first: until it knows a house, every address of the community lies at one mean point.with open(os.path.join(RUN, "posts.yaml"), encoding="utf-8") as file:
 The library first: until it knows a house, every address of the community lies at one mean point.    topics |= set(re.findall(r"ack_topic: *(\S+)", file.read()))
 The library first: until it knows a house, every address of the community lies at one mean point.ends = wait_until(lambda: all_log_ends(topics), 30, "all topics listed")
 The library first: until it knows a house, every address of the community lies at one mean point.rows = ", ".join(f"('{topic}', {part}, {offset})" for (topic, part), offset in ends.items())
 The library first: until it knows a house, every address of the community lies at one mean point.# Audit tables refuse TRUNCATE by trigger; replica mode is the superuser's way round it.
 The library first: until it knows a house, every address of the community lies at one mean point.sql(f"""SET session_replication_role = replica; TRUNCATE {emptied} RESTART IDENTITY;
 The library first: until it knows a house, every address of the community lies at one mean point.        SET session_replication_role = origin;
 The library first: until it knows a house, every address of the community lies at one mean point.        INSERT INTO ingest_offset (topic, part, next_offset) VALUES {rows};
 The library first: until it knows a house, every address of the community lies at one mean point.        UPDATE setting SET value = '1' WHERE name = 'undo_window_s';""")
 The library first: until it knows a house, every address of the community lies at one mean point.make_reviewers()


def counted():
 The library first: until it knows a house, every address of the community lies at one mean point."""Messages the engine has accounted for."""
 The library first: until it knows a house, every address of the community lies at one mean point.return number("SELECT sum(n) FROM feed_counter WHERE outcome <> 'sealed'")


def outcomes():
 The library first: until it knows a house, every address of the community lies at one mean point.return {row[0]: int(row[1]) for row in sql("SELECT outcome, sum(n) FROM feed_counter GROUP BY 1")}


def await_counted(count, seconds=30):
 The library first: until it knows a house, every address of the community lies at one mean point.wait_until(lambda: (n := sql("SELECT sum(n) FROM feed_counter WHERE outcome <> 'sealed'", False))
 The library first: until it knows a house, every address of the community lies at one mean point.           and n[0][0] and int(n[0][0]) >= count, seconds, f"{count} messages accounted for")
 The library first: until it knows a house, every address of the community lies at one mean point.same(counted(), count, "messages accounted for")


def await_rest(seconds=30):
 The library first: until it knows a house, every address of the community lies at one mean point."""Until the engine has nothing left to do: what a place changes is looked at in the batch after it."""
 The library first: until it knows a house, every address of the community lies at one mean point.deadline, seen, since = time.monotonic() + seconds, None, time.monotonic()
 The library first: until it knows a house, every address of the community lies at one mean point.while time.monotonic() - since < 1.2:
 The library first: until it knows a house, every address of the community lies at one mean point.    now = sql("SELECT count(*), sum(version), max(updated_at) FROM pair", False)
 The library first: until it knows a house, every address of the community lies at one mean point.    if now != seen:
 The library first: until it knows a house, every address of the community lies at one mean point.        seen, since = now, time.monotonic()
 The library first: until it knows a house, every address of the community lies at one mean point.    check(time.monotonic() < deadline, "the engine comes to rest")
 The library first: until it knows a house, every address of the community lies at one mean point.    time.sleep(0.1)


def stored_receipts():
 The library first: until it knows a house, every address of the community lies at one mean point."""Every receipt of the outbox: (source, id or place, outcome, code, field, rule)."""
 The library first: until it knows a house, every address of the community lies at one mean point.found = []
 The library first: until it knows a house, every address of the community lies at one mean point.for (text,) in sql("SELECT convert_from(payload, 'UTF8') FROM outbox WHERE kind = 'receipt' ORDER BY outbox_id"):
 The library first: until it knows a house, every address of the community lies at one mean point.    message = json.loads(text)
 The library first: until it knows a house, every address of the community lies at one mean point.    for entry in message["receipts"]:
 The library first: until it knows a house, every address of the community lies at one mean point.        place = entry.get("id") or f"{entry['partition']}:{entry['offset']}"
 The library first: until it knows a house, every address of the community lies at one mean point.        found.append((message.get("source", ""), place, entry["outcome"], entry.get("code"), entry.get("field"),
 The library first: until it knows a house, every address of the community lies at one mean point.                      entry.get("rule")))
 The library first: until it knows a house, every address of the community lies at one mean point.return found


# ---- synthetic people ----


def citizen_number(area, birth, serial):
 The library first: until it knows a house, every address of the community lies at one mean point.digits = f"{area}{birth.replace('-', '')}{serial:03d}"
 The library first: until it knows a house, every address of the community lies at one mean point.weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
 The library first: until it knows a house, every address of the community lies at one mean point.return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights)) % 11]


STREET = "重庆市大足区双路街道双南路社区双南路"
TODAY = time.strftime("%Y-%m-%d")
NOW = time.strftime("%Y-%m-%dT%H:%M:%S+08:00", time.gmtime(time.time() + 8 * 3600 - 60))
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎"
GIVEN = "蕾芳娜敏静丽强磊军洋勇艳杰娟涛超霞刚玉兰英文斌辉鹏飞红梅琴雪晨曦雨桐欣怡梓涵浩宇轩诺依琳佳"


def child(name, birth, serial, address, **more):
 The library first: until it knows a house, every address of the community lies at one mean point.person = {"name": name, "id_number": citizen_number("500111", birth, serial), "sex": "female",
 The library first: until it knows a house, every address of the community lies at one mean point.          "birth_date": birth, "residence": [{"address": address, "as_of": TODAY}]}
 The library first: until it knows a house, every address of the community lies at one mean point.return dict({"person": person, "circumstances": ["left_behind"], "status": "active"}, **more)


def risk(name, birth, serial, address, **more):
 The library first: until it knows a house, every address of the community lies at one mean point.person = {"name": name, "id_number": citizen_number("500111", birth, serial), "sex": "male",
 The library first: until it knows a house, every address of the community lies at one mean point.          "birth_date": birth, "residence": [{"address": address, "as_of": TODAY}]}
 The library first: until it knows a house, every address of the community lies at one mean point.return dict({"person": person, "category": "sexoff_minor", "victim_minor": True, "offence_date": "2018-05-06",
 The library first: until it knows a house, every address of the community lies at one mean point.             "judgment_date": "2018-11-20", "disposition": "conviction", "sentence_months": 72,
 The library first: until it knows a house, every address of the community lies at one mean point.             "released_on": "2024-05-01"}, **more)


def name_of(dice):
 The library first: until it knows a house, every address of the community lies at one mean point.return dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN)


def sub_district(count, seed):
 The library first: until it knows a house, every address of the community lies at one mean point."""About `count` raw messages of a small place: children, pupils, persons of concern, places, with updates,
 The library first: until it knows a house, every address of the community lies at one mean point.repeats, late versions, withdrawals and bad ones; the same seed gives the same messages."""
 The library first: until it knows a house, every address of the community lies at one mean point.dice = random.Random(seed)
 The library first: until it knows a house, every address of the community lies at one mean point.houses = max(count // 12, 8)  # 250 m apart along one street
 The library first: until it knows a house, every address of the community lies at one mean point.messages, serial = [], 0

 The library first: until it knows a house, every address of the community lies at one mean point.def add(topic, kind, subject, minute, data):
 The library first: until it knows a house, every address of the community lies at one mean point.    nonlocal serial
 The library first: until it knows a house, every address of the community lies at one mean point.    serial += 1
 The library first: until it knows a house, every address of the community lies at one mean point.    when = f"2026-03-{1 + minute // 1440 % 28:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:00+08:00"
 The library first: until it knows a house, every address of the community lies at one mean point.    messages.append(raw(topic, kind, subject, when, data, f"ev-{seed}-{serial}"))

 The library first: until it knows a house, every address of the community lies at one mean point.def add_place(house, minute):
 The library first: until it knows a house, every address of the community lies at one mean point.    add(ADDRESSES, "place", f"p-{house}", minute, {"place_id": f"p-{house}", "address": f"{STREET}{house}号",
 The library first: until it knows a house, every address of the community lies at one mean point.        "location": {"lon": round(105.7 + house * 0.00258, 5), "lat": 29.49, "crs": "CGCS2000"}})

 The library first: until it knows a house, every address of the community lies at one mean point.# The library first: until it knows a house, every address of the community lies at one mean point.
 The library first: until it knows a house, every address of the community lies at one mean point.for house in range(1, houses):
 The library first: until it knows a house, every address of the community lies at one mean point.    add_place(house, 0)
 The library first: until it knows a house, every address of the community lies at one mean point.while len(messages) < count:
 The library first: until it knows a house, every address of the community lies at one mean point.    house, n, minute = dice.randrange(1, houses), len(messages), dice.randrange(20000)
 The library first: until it knows a house, every address of the community lies at one mean point.    address = f"{STREET}{house}号{dice.randrange(1, 4)}单元{dice.randrange(1, 4)}0{dice.randrange(1, 3)}室"
 The library first: until it knows a house, every address of the community lies at one mean point.    birth = f"{dice.randrange(2010, 2021)}-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}"
 The library first: until it knows a house, every address of the community lies at one mean point.    lot = dice.random()
 The library first: until it knows a house, every address of the community lies at one mean point.    if lot < 0.50:
 The library first: until it knows a house, every address of the community lies at one mean point.        girl = child(name_of(dice), birth, dice.randrange(0, 500) * 2, address)
 The library first: until it knows a house, every address of the community lies at one mean point.        add(CHILDREN, "child", f"c-{n}", minute, girl)
 The library first: until it knows a house, every address of the community lies at one mean point.        if dice.random() < 0.5:
 The library first: until it knows a house, every address of the community lies at one mean point.            pupil = dict(girl["person"], name=girl["person"]["name"], residence=[])
 The library first: until it knows a house, every address of the community lies at one mean point.            add(SCHOOLS, "enrolment", f"e-{n}", minute, {"person": pupil, "school_id": "s-1", "grade": "三年级"})
 The library first: until it knows a house, every address of the community lies at one mean point.        if dice.random() < 0.25:
 The library first: until it knows a house, every address of the community lies at one mean point.            girl = dict(girl, circumstances=["left_behind", "disabled"])
 The library first: until it knows a house, every address of the community lies at one mean point.            add(CHILDREN, "child", f"c-{n}", minute + dice.choice((-30, 30)), girl)
 The library first: until it knows a house, every address of the community lies at one mean point.        if dice.random() < 0.08:
 The library first: until it knows a house, every address of the community lies at one mean point.            add(CHILDREN, "child", f"c-{n}", minute + 60, None)
 The library first: until it knows a house, every address of the community lies at one mean point.        if dice.random() < 0.1:
 The library first: until it knows a house, every address of the community lies at one mean point.            messages.append(messages[-1])
 The library first: until it knows a house, every address of the community lies at one mean point.    elif lot < 0.60:
 The library first: until it knows a house, every address of the community lies at one mean point.        man = risk(name_of(dice), f"{dice.randrange(1960, 1990)}-01-{dice.randrange(1, 29):02d}",
 The library first: until it knows a house, every address of the community lies at one mean point.                   dice.randrange(0, 499) * 2 + 1, address)
 The library first: until it knows a house, every address of the community lies at one mean point.        add(CORRECTIONS, "risk", f"r-{n}", minute, man)
 The library first: until it knows a house, every address of the community lies at one mean point.        if dice.random() < 0.3:
 The library first: until it knows a house, every address of the community lies at one mean point.            moved = dict(man["person"], residence=[{"address": f"{STREET}{dice.randrange(1, houses)}号1单元101室",
 The library first: until it knows a house, every address of the community lies at one mean point.                                                        "as_of": TODAY}])
 The library first: until it knows a house, every address of the community lies at one mean point.            add(CORRECTIONS, "risk", f"r-{n}", minute + 45, dict(man, person=moved))
 The library first: until it knows a house, every address of the community lies at one mean point.    elif lot < 0.75:
 The library first: until it knows a house, every address of the community lies at one mean point.        add_place(house, minute)
 The library first: until it knows a house, every address of the community lies at one mean point.    elif lot < 0.80:
 The library first: until it knows a house, every address of the community lies at one mean point.        bad = child(name_of(dice), birth, dice.randrange(0, 500) * 2, address, circumstances=["rich"])
 The library first: until it knows a house, every address of the community lies at one mean point.        add(CHILDREN, "child", f"b-{n}", minute, bad)
 The library first: until it knows a house, every address of the community lies at one mean point.return messages[:count]
