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
import shutil
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
    CHILDREN: "urn:hulei:500111004:civil-affairs:children",
    SCHOOLS: "urn:hulei:500111004:education:schools",
    CORRECTIONS: "urn:hulei:500111004:judicial:corrections",
    PERSONS: "urn:hulei:500111004:police:persons",
    ADDRESSES: "urn:hulei:500111004:police:addresses",
}
PRINCIPAL = {topic: topic[len("hulei.feed."):].replace(".", "-") for topic in SOURCE}
RECEIPTS = {topic: topic.replace("hulei.feed.", "hulei.receipt.") for topic in SOURCE}

# Kept over a reset: what the schema brought, and the reviewers. Windows of grouping are not: alerts leave at once.
KEPT = (
    "account",
    "calendar_day",
    "credential",
    "delivery_deadline",
    "escalation_step",
    "inhibition",
    "pair_transition",
    "post_budget",
    "rereview_term",
    "retention",
    "review_step",
    "rule_view",
    "schema_version",
    "setting",
    "unmask_right",
)


class Failure(Exception):
    """A proof that did not hold."""


def check(condition, what):
    if not condition:
        raise Failure(what)


def same(got, wanted, what):
    if got == wanted:
        return
    if isinstance(got, (list, set, frozenset)) and isinstance(wanted, (list, set, frozenset)):
        left, right = collections.Counter(map(str, got)), collections.Counter(map(str, wanted))
        missing, extra = list(right - left)[:5], list(left - right)[:5]
        raise Failure(f"{what}: {len(got)} instead of {len(wanted)}; missing {missing}; unexpected {extra}")
    raise Failure(f"{what}: {got!r} instead of {wanted!r}")


def wait_until(condition, seconds, what):
    """Asks again until it holds; answers what the condition answered."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise Failure(f"not within {seconds} s: {what}")
        time.sleep(0.1)


def main(proof):
    """Runs one proof: prints a line, exits 0 or 1, leaves no role running."""
    name = os.path.basename(sys.argv[0])
    started = time.monotonic()
    try:
        figures = proof() or ""
        print(f"ok    {name}  {figures}  ({time.monotonic() - started:.1f} s)")
        status = 0
    except Failure as failure:
        print(f"FAIL  {name}: {failure}")
        for path in dict.fromkeys(role.path for role in Role.started):
            print_tail(path)
        status = 1
    finally:
        stop_all()
    sys.exit(status)


# ---- PostgreSQL ----


def port():
    with open(CONFIG, encoding="utf-8") as file:
        return re.search(r"port=(\d+)", file.read()).group(1)


def sql(text, check_status=True):
    """Rows as lists of text, as the superuser."""
    done = subprocess.run(
        ["psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-R", "\x1e", "-v", "ON_ERROR_STOP=1", "-h",
         os.path.join(RUN, "sock"), "-p", port(), "-U", "postgres", "-d", "hulei"],
        input="SET search_path = hulei;\n" + text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        if check_status:
            raise Failure("psql: " + done.stderr.strip())
        return None
    rows = done.stdout.rstrip("\n")
    return [row.split("\x1f") for row in rows.split("\x1e")] if rows else []


def value(text):
    rows = sql(text)
    return rows[0][0] if rows else None


def number(text):
    return int(value(text) or 0)


def restart_database(mode="immediate"):
    data = value("SHOW data_directory")
    owner = pwd.getpwuid(os.stat(data).st_uid).pw_name
    subprocess.run(
        ["runuser", "-u", owner, "--", POSTGRES_BIN + "/pg_ctl", "-D", data, "-m", mode, "-w", "-t", "60", "-s", "-l",
         os.path.join(RUN, "log/postgresql.log"), "restart"],
        check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


# ---- Kafka ----


def kcat(principal, *arguments, **options):
    return subprocess.run(["kcat", "-F", os.path.join(RUN, "secrets", principal + ".kcat"), *arguments],
                          capture_output=True, check=False, **options)


def log_ends(topics):
    """{(topic, partition): next offset of the log}."""
    listed = json.loads(kcat("admin", "-L", "-J").stdout)
    asked = []
    for topic in listed["topics"]:
        if topic["topic"] in topics:
            asked += [arg for part in topic["partitions"]
                      for arg in ("-t", f"{topic['topic']}:{part['partition']}:-1")]
    told = kcat("admin", "-Q", *asked).stdout.decode()
    return {(topic, int(part)): int(offset)
            for topic, part, offset in re.findall(r"^(\S+) \[(\d+)\] offset (\d+)$", told, re.M)}


def all_log_ends(topics):
    """As log_ends(); nothing while a broker that has just started does not list all of them yet."""
    ends = log_ends(topics)
    return ends if topics <= {topic for topic, _ in ends} else None


def consume(principal, topic, since):
    """Messages of a topic from the offsets `since` (a log_ends) to its end: dicts of key, payload, headers."""
    found = []
    for (name, part), offset in since.items():
        if name != topic:
            continue
        done = kcat(principal, "-C", "-t", topic, "-p", str(part), "-o", str(offset), "-e", "-q", "-J")
        check(done.returncode == 0, f"kcat -C {topic}: {done.stderr.decode()[:200]}")
        found += [json.loads(line) for line in done.stdout.splitlines() if line]
    return found


def alerts_of(post, since):
    """Alerts on a post's topic from the offsets `since`: messages as consume() has them; heartbeats and answers left out."""
    return [message for message in consume("post-" + post, f"hulei.alert.{post}", since)
            if json.loads(message["payload"])["type"] == "hulei.alert.v1"]


def produce(principal, topic, key, payload, headers=()):
    arguments = [part for name, text in headers for part in ("-H", f"{name}={text}")]
    done = kcat(principal, "-P", "-t", topic, "-k", key, *arguments, input=payload)
    check(done.returncode == 0, f"kcat -P {topic}: {done.stderr.decode()[:200]}")


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def renew_authority():
    """A new authority beside the old one in ca.pem, as before a renewal; answers how the broker gets a certificate of it."""
    folder = tempfile.mkdtemp()
    new = os.path.join(folder, "")
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout", new + "ca.key", "-out",
            new + "ca.pem", "-days", "30", "-subj", f"/CN=renewed {time.time_ns()}", "-addext", "keyUsage=critical,keyCertSign")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout", new + "broker.key", "-out",
            new + "broker.csr", "-subj", "/CN=broker")
    with open(new + "extensions", "w", encoding="ascii") as file:
        file.write("subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth,clientAuth\nbasicConstraints=CA:false\n")
    openssl("x509", "-req", "-in", new + "broker.csr", "-CA", new + "ca.pem", "-CAkey", new + "ca.key", "-CAcreateserial", "-days",
            "30", "-extfile", new + "extensions", "-out", new + "broker.crt")
    openssl("pkcs8", "-topk8", "-nocrypt", "-in", new + "broker.key", "-out", new + "broker.p8")
    parts = {}
    for name in ("ca.pem", "broker.crt", "broker.p8"):
        with open(new + name, encoding="ascii") as file:
            parts[name] = file.read()
    shutil.rmtree(folder)
    for path in (os.path.join(RUN, "ca.pem"), os.path.join(RUN, "kafka/ca.pem")):
        with open(path, encoding="ascii") as file:
            known = file.read()
        replace_file(path, known + parts["ca.pem"])
    return lambda: replace_file(os.path.join(RUN, "kafka/broker.pem"), parts["broker.p8"] + parts["broker.crt"] + parts["ca.pem"])


def replace_file(path, text):
    """Under the same name, owner and mode, at once."""
    facts = os.stat(path)
    with open(path + ".new", "w", encoding="ascii") as file:
        os.fchmod(file.fileno(), facts.st_mode & 0o7777)
        os.fchown(file.fileno(), facts.st_uid, facts.st_gid)
        file.write(text)
    os.rename(path + ".new", path)


def kill_broker(seconds=0.5, patience=60, meanwhile=lambda: None):
    """Kills the stack's broker by SIGKILL and starts the same command again; it outlives this program."""
    path = os.path.join(RUN, "kafka/pid")
    with open(path, encoding="utf-8") as file:
        pid = int(file.read().split()[0])
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        command = file.read().decode().rstrip("\0").split("\0")
    check(os.path.join(RUN, "kafka/") in command[-1], "the broker is this stack's own")
    os.kill(pid, signal.SIGKILL)
    meanwhile()
    time.sleep(seconds)
    user = pwd.getpwnam("hulei-kafka")
    with open(os.path.join(RUN, "log/kafka.log"), "ab") as log:
        broker = subprocess.Popen(command, user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/",
                                  stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                                  env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{broker.pid}\n")
    wait_until(lambda: kcat("admin", "-L", "-m", "2").returncode == 0, patience, "the broker answers again")


# ---- messages ----


def b64(data):
    return None if data is None else base64.b64encode(data if isinstance(data, bytes) else data.encode()).decode()


def raw(topic, kind, subject, when, data, event_id, source=None, charset=None, key=None):
    """A message in binary mode as one line of `hulei feed push --raw`; data None withdraws the record."""
    headers = [("ce_specversion", "1.0"), ("ce_id", event_id), ("ce_source", source or SOURCE[topic]),
               ("ce_type", f"hulei.{kind}.v1"), ("ce_subject", subject), ("ce_time", when)]
    body = None
    if data is not None:
        body = json.dumps(data, ensure_ascii=False).encode(charset or "utf-8")
        headers.append(("content-type", "application/json" + (f"; charset={charset}" if charset else "")))
    return {"topic": topic, "key_base64": b64(key or f"{kind}:{subject}"), "value_base64": b64(body),
            "headers": [{"name": name, "value_base64": b64(text)} for name, text in headers]}


def push_raw(messages):
    """Sends raw lines, each topic by its own principal; the order within a topic is kept."""
    for topic in dict.fromkeys(message["topic"] for message in messages):
        lines = [json.dumps(message) for message in messages if message["topic"] == topic]
        with tempfile.NamedTemporaryFile("w", suffix=".ndjson", dir=work_folder()) as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            done = push("--raw", "--unchecked", "--topic", topic, file.name)
        same(done.stdout.strip(), f"pushed {len(lines)}, rejected 0, failed 0", "hulei feed push " + done.stderr)


def push(*arguments):
    return subprocess.run([BIN, "feed", "push", "--config", CONFIG, "--quiet", *arguments], capture_output=True,
                          text=True, check=False)


def work_folder():
    folder = os.path.join(RUN, "tests")
    if not os.path.isdir(folder):
        os.mkdir(folder, 0o700)
    return folder


# ---- roles ----


def config_with(**values):
    """A copy of the configuration with other numbers, beside the original, for paths in it are relative."""
    with open(CONFIG, encoding="utf-8") as file:
        text = file.read()
    for name, setting in values.items():
        text, count = re.subn(rf"(\b{name}:\s*)[^#\n]+", rf"\g<1>{setting} ", text)
        check(count == 1, f"no {name} in the configuration")
    path = os.path.join(RUN, "hulei-test.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o644)
    return path


class Role:
    """A running engine, courier or console under its own OS user."""
    started = []

    def __init__(self, role, config=None, label=None):
        self.role = role
        self.path = os.path.join(work_folder(), (label or role) + ".log")
        user = pwd.getpwnam("hulei-" + role)
        groups = os.getgrouplist(user.pw_name, user.pw_gid)
        self.start_at = os.path.getsize(self.path) if os.path.exists(self.path) else 0
        with open(self.path, "ab") as log:
            self.process = subprocess.Popen(
                [BIN, role, "--config", config or CONFIG], user=user.pw_uid, group=user.pw_gid, extra_groups=groups,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True,
                env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": "/"})
        Role.started.append(self)

    @property
    def pid(self):
        return self.process.pid

    def is_running(self):
        return self.process.poll() is None

    def signal(self, number_):
        if self.is_running():
            self.process.send_signal(number_)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, seconds=15):
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired as too_long:
            self.kill()
            raise Failure(f"{self.role} did not stop within {seconds} s") from too_long
        return self.process.returncode

    def log(self):
        with open(self.path, "rb") as file:
            file.seek(self.start_at)
            return file.read().decode("utf-8", "replace")

    def await_log(self, word, seconds=30):
        wait_until(lambda: word in self.log() or not self.is_running(), seconds, f"{word} in the log of {self.role}")
        check(word in self.log(), f"{self.role} ended with {self.process.poll()} before {word}")


def print_tail(path):
    print(f"---- {path}")
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file.readlines()[-15:]:
            print("     " + line.rstrip())


def stop_all():
    for role in Role.started:
        if role.is_running():
            role.signal(signal.SIGCONT)
            role.kill()


atexit.register(stop_all)


def start_engine(config=None, label=None, seconds=30):
    engine = Role("engine", config, label)
    engine.await_log("feeds_assigned", seconds)
    return engine


def review(user, *arguments):
    """`hulei review …` as a reviewer's OS user; the answer as JSON."""
    done = subprocess.run(["runuser", "-u", user, "--", BIN, "review", *arguments, "--json", "--config", CONFIG],
                          capture_output=True, text=True, check=False, cwd="/")
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise Failure(f"hulei review {arguments}: {done.stderr.strip()}") from None


def make_reviewers():
    for name, user in (("rev1", "hulei-rev1"), ("rev2", "hulei-rev2")):
        sql(f"INSERT INTO account (name, os_user, roles) VALUES ('{name}', '{user}', '{{reviewer}}')"
            " ON CONFLICT DO NOTHING")


# ---- between proofs ----


def reset():
    """An empty shard: no rows, feeds and acknowledgements at the end of their logs, undo at once."""
    stop_all()
    tables = [row[0] for row in sql("SELECT tablename FROM pg_tables WHERE schemaname = 'hulei'")]
    emptied = ", ".join(table for table in tables if table not in KEPT)
    topics = set(SOURCE)
    with open(os.path.join(RUN, "feeds.yaml"), encoding="utf-8") as file:
        topics |= set(re.findall(r"topic: *(hulei\.(?:feed|emergency)\.\S+)", file.read()))
    with open(os.path.join(RUN, "posts.yaml"), encoding="utf-8") as file:
        topics |= set(re.findall(r"ack_topic: *(\S+)", file.read()))
    ends = wait_until(lambda: all_log_ends(topics), 30, "all topics listed")
    rows = ", ".join(f"('{topic}', {part}, {offset})" for (topic, part), offset in ends.items())
    # Audit tables refuse TRUNCATE by trigger; replica mode is the superuser's way round it.
    sql(f"""SET session_replication_role = replica; TRUNCATE {emptied} RESTART IDENTITY;
            SET session_replication_role = origin;
            INSERT INTO ingest_offset (topic, part, next_offset) VALUES {rows};
            UPDATE setting SET value = '1' WHERE name = 'undo_window_s';
            DELETE FROM setting WHERE name = 'clock_shift';""")
    make_reviewers()


def counted():
    """Messages the engine has accounted for."""
    return number("SELECT sum(n) FROM feed_counter WHERE outcome <> 'sealed'")


def outcomes():
    return {row[0]: int(row[1]) for row in sql("SELECT outcome, sum(n) FROM feed_counter GROUP BY 1")}


def await_counted(count, seconds=30):
    wait_until(lambda: (n := sql("SELECT sum(n) FROM feed_counter WHERE outcome <> 'sealed'", False))
               and n[0][0] and int(n[0][0]) >= count, seconds, f"{count} messages accounted for")
    same(counted(), count, "messages accounted for")


def await_rest(seconds=30):
    """Until the engine has nothing left to do: what a place changes is looked at in the batch after it."""
    deadline, seen, since = time.monotonic() + seconds, None, time.monotonic()
    while time.monotonic() - since < 1.2:
        now = sql("SELECT count(*), sum(version), max(updated_at) FROM pair", False)
        if now != seen:
            seen, since = now, time.monotonic()
        check(time.monotonic() < deadline, "the engine comes to rest")
        time.sleep(0.1)


def stored_receipts():
    """Every receipt of the outbox: (source, id or place, outcome, code, field, rule)."""
    found = []
    for (text,) in sql("SELECT convert_from(payload, 'UTF8') FROM outbox WHERE kind = 'receipt' ORDER BY outbox_id"):
        message = json.loads(text)
        for entry in message["receipts"]:
            place = entry.get("id") or f"{entry['partition']}:{entry['offset']}"
            found.append((message.get("source", ""), place, entry["outcome"], entry.get("code"), entry.get("field"),
                          entry.get("rule")))
    return found


# ---- synthetic people ----


def citizen_number(area, birth, serial):
    digits = f"{area}{birth.replace('-', '')}{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights)) % 11]


STREET = "重庆市大足区双路街道双南路社区双南路"
TODAY = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))  # in the district
NOW = time.strftime("%Y-%m-%dT%H:%M:%S+08:00", time.gmtime(time.time() + 8 * 3600 - 60))
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎"
GIVEN = "蕾芳娜敏静丽强磊军洋勇艳杰娟涛超霞刚玉兰英文斌辉鹏飞红梅琴雪晨曦雨桐欣怡梓涵浩宇轩诺依琳佳"


def child(name, birth, serial, address, **more):
    person = {"name": name, "id_number": citizen_number("500111", birth, serial), "sex": "female",
              "birth_date": birth, "residence": [{"address": address, "as_of": TODAY}]}
    return dict({"person": person, "circumstances": ["left_behind"], "status": "active"}, **more)


def risk(name, birth, serial, address, **more):
    person = {"name": name, "id_number": citizen_number("500111", birth, serial), "sex": "male",
              "birth_date": birth, "residence": [{"address": address, "as_of": TODAY}]}
    return dict({"person": person, "category": "sexoff_minor", "victim_minor": True, "offence_date": "2018-05-06",
                 "judgment_date": "2018-11-20", "disposition": "conviction", "sentence_months": 72,
                 "released_on": "2024-05-01"}, **more)


def name_of(dice):
    return dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN)


def sub_district(count, seed):
    """About `count` raw messages of a small place: children, pupils, persons of concern, places, with updates,
    repeats, late versions, withdrawals and bad ones; the same seed gives the same messages."""
    dice = random.Random(seed)
    houses = max(count // 12, 8)  # 250 m apart along one street
    messages, serial = [], 0

    def add(topic, kind, subject, minute, data):
        nonlocal serial
        serial += 1
        when = f"2026-03-{1 + minute // 1440 % 28:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:00+08:00"
        messages.append(raw(topic, kind, subject, when, data, f"ev-{seed}-{serial}"))

    def add_place(house, minute):
        add(ADDRESSES, "place", f"p-{house}", minute, {"place_id": f"p-{house}", "address": f"{STREET}{house}号",
            "location": {"lon": round(105.7 + house * 0.00258, 5), "lat": 29.49, "crs": "CGCS2000"}})

    # The library first; test_place_order.py shows that the order does not matter.
    for house in range(1, houses):
        add_place(house, 0)
    while len(messages) < count:
        house, n, minute = dice.randrange(1, houses), len(messages), dice.randrange(20000)
        address = f"{STREET}{house}号{dice.randrange(1, 4)}单元{dice.randrange(1, 4)}0{dice.randrange(1, 3)}室"
        birth = f"{dice.randrange(2010, 2021)}-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}"
        lot = dice.random()
        if lot < 0.50:
            girl = child(name_of(dice), birth, dice.randrange(0, 500) * 2, address)
            add(CHILDREN, "child", f"c-{n}", minute, girl)
            if dice.random() < 0.5:
                pupil = dict(girl["person"], name=girl["person"]["name"], residence=[])
                add(SCHOOLS, "enrolment", f"e-{n}", minute, {"person": pupil, "school_id": "s-1", "grade": "三年级"})
            if dice.random() < 0.25:
                girl = dict(girl, circumstances=["left_behind", "disabled"])
                add(CHILDREN, "child", f"c-{n}", minute + dice.choice((-30, 30)), girl)
            if dice.random() < 0.08:
                add(CHILDREN, "child", f"c-{n}", minute + 60, None)
            if dice.random() < 0.1:
                messages.append(messages[-1])
        elif lot < 0.60:
            man = risk(name_of(dice), f"{dice.randrange(1960, 1990)}-01-{dice.randrange(1, 29):02d}",
                       dice.randrange(0, 499) * 2 + 1, address)
            add(CORRECTIONS, "risk", f"r-{n}", minute, man)
            if dice.random() < 0.3:
                moved = dict(man["person"], residence=[{"address": f"{STREET}{dice.randrange(1, houses)}号1单元101室",
                                                            "as_of": TODAY}])
                add(CORRECTIONS, "risk", f"r-{n}", minute + 45, dict(man, person=moved))
        elif lot < 0.75:
            add_place(house, minute)
        elif lot < 0.80:
            bad = child(name_of(dice), birth, dice.randrange(0, 500) * 2, address, circumstances=["rich"])
            add(CHILDREN, "child", f"b-{n}", minute, bad)
    return messages[:count]
