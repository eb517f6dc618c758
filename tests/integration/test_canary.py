#!/usr/bin/env python3
"""A personal-data canary: a synthetic place through the whole main job, then every number, phone, name and full address
of it is searched where none may be: logs, metrics, status, every topic but the feeds, the database's own files, the memory
of the courier, and the console's but for the sheets it has shown."""
import glob
import json
import os
import re
import socket
import subprocess
import tempfile

import canary
import process_memory
from stack import *  # noqa: F403

PERSONS, SEED = int(os.environ.get("HULEI_PERSONS", "1500")), 11
SECONDS = int(os.environ.get("HULEI_SECONDS", "45"))
FLOOR = 300  # values of each kind
ACCEPTED = 6
DIGIT = "[0-9０-９〇零一二三四五六七八九十百]"
# A room, or a group of a village with a number.
FULL = re.compile(rf"室$|单元.*{DIGIT}$|[幢栋号]{DIGIT}+[-－—]{DIGIT}+$|[组社队].{{0,4}}?{DIGIT}+号$")


# ---- values ----


def walk(data, found):
    """Collects what the fields of the feeds call personal, at any depth."""
    if isinstance(data, list):
        for one in data:
            walk(one, found)
    elif isinstance(data, dict):
        for field, what in data.items():
            if field == "id_number" and len(what) >= 15:
                found["number"].add(what)
            elif field == "phones":
                found["phone"] |= {phone for phone in what if len(phone) >= 11}
            elif field == "name" and ("sex" in data or "birth_date" in data or "id_number" in data):
                found["name"].add(what)
            elif field == "address" and FULL.search(what):
                found["address"].add(what)
            else:
                walk(what, found)


def public_text():
    """What stands in the program's own files: a name found in it is no proof of a leak."""
    text = []
    for folder, endings in (("config", (".yaml", ".json", ".csv", ".tsv", ".txt")), ("sql", (".sql",))):
        for root, _, names in os.walk(os.path.join(REPO, folder)):
            for name in names:
                if name.endswith(endings):
                    with open(os.path.join(root, name), encoding="utf-8", errors="replace") as file:
                        text.append(file.read())
    return "\n".join(text)


def personal_values(folder):
    found = {kind: set() for kind in ("number", "phone", "name", "address")}
    public = [public_text()]
    for path in glob.glob(folder + "/*.ndjson"):
        with open(path, encoding="utf-8") as file:
            for line in file:
                data = json.loads(line).get("data") or {}
                walk(data, found)
                if path.endswith(("addresses.ndjson", "schools.ndjson")):
                    public.append(data.get("address", "") + "\n" + str(data.get("name", "")))
    common = "\n".join(public)
    found["name"] = {name for name in found["name"] if re.fullmatch("[\u3400-\u9fff]{3,}", name) and name not in common}
    for kind, values in found.items():
        check(len(values) >= FLOOR, f"only {len(values)} values of kind {kind}")
    return {kind: sorted(values) for kind, values in found.items()}


# ---- the job ----


def push_all(folder):
    paths = sorted(glob.glob(folder + "/*.ndjson"), key=lambda name: ("addresses" not in name, name))
    told = [push("--topic", os.path.basename(path)[:-len(".ndjson")], "--unchecked", path).stdout for path in paths]
    return sum(int(re.match(r"pushed (\d+)", line).group(1)) for line in told)


def push_broken(folder):
    """Real-looking records with faults around the values: what a careless message would quote."""
    with open(os.path.join(folder, CHILDREN + ".ndjson"), encoding="utf-8") as file:
        events = [event for line in file if "name" in (event := json.loads(line))["data"]["person"]][:80]
    messages = []
    for n, event in enumerate(events):
        data, person = event["data"], event["data"]["person"]
        spoil = n % 8
        if spoil == 0:
            data["status"] = person["name"]
        elif spoil == 1:
            person["birth_date"] = person["name"]
        elif spoil == 2:
            person["sex"] = person["name"]
        elif spoil == 3:
            person["phones"] = {person["name"]: person.get("phones")}
        elif spoil == 4:
            data[person["name"]] = person["name"]
        elif spoil == 5:
            person["residence"] = [{"address": person["name"] * 150, "as_of": person["name"]}]
        message = raw(CHILDREN, "child", f"broken-{n}", NOW, data, f"broken-{n}")
        body = base64.b64decode(message["value_base64"])
        if spoil == 6:
            message["value_base64"] = b64(body[:-20])
        elif spoil == 7:
            message["value_base64"] = b64(body[:30] + b"\xff\xfe" + body[30:])
        messages.append(message)
    push_raw(messages)
    return len(messages)


def accept_some():
    """How many, and what was shown of them."""
    shown = []
    tasks = [task for task in review("hulei-rev1", "list")["tasks"] if task["kind"] == "pair"][:ACCEPTED]
    accepted = 0
    for index, task in enumerate(tasks):
        user = ("hulei-rev1", "hulei-rev2")[index % 2]
        sheet = review(user, "show", task["task"])
        check(sheet["ok"], "a sheet is shown")
        shown.append(json.dumps(sheet, ensure_ascii=False))
        accepted += review(user, "accept", task["task"])["ok"]
    check(accepted >= 2, f"{accepted} of {len(tasks)} tasks accepted")
    wait_until(lambda: number("SELECT count(*) FROM delivery WHERE state = 'sent'") > 0 and
               number("SELECT count(*) FROM outbox WHERE state = 'queued' AND (not_before IS NULL OR"
                      " not_before < now() + interval '5 s')") == 0, SECONDS, "alerts and receipts have left")
    return accepted, "\n".join(shown)


# ---- where nothing may be ----


def metrics(role):
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        client.connect(os.path.join(RUN, role, "metrics.sock"))
        client.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    check(b"hulei_" + role.encode() in answer, f"metrics of {role}")
    return answer


def status(*options):
    done = subprocess.run(["runuser", "-u", "hulei-engine", "--", BIN, "status", "--config", CONFIG, *options],
                          capture_output=True, check=False, cwd="/")
    check(len(done.stdout) > 200, "hulei status says something")
    return done.stdout + done.stderr


def topic_contents():
    """All messages, keys and headers of every topic but the feeds, from the first one kept."""
    names = [topic["topic"] for topic in json.loads(kcat("admin", "-L", "-J").stdout)["topics"]]
    names = [name for name in names if name.startswith("hulei.") and not name.startswith("hulei.feed.")]
    ends = {place: end for place, end in log_ends(set(names)).items() if end > 0}
    texts = {}
    for name, part in ends:
        done = kcat("admin", "-C", "-t", name, "-p", str(part), "-o", "beginning", "-e", "-q",
                    "-f", "%k\\n%h\\n%s\\n")
        check(done.returncode == 0, f"reading {name}: {done.stderr.decode()[-200:]}")
        texts[f"topic {name} {part}"] = done.stdout
    for kind in ("hulei.receipt.", "hulei.alert."):
        check(any(kind in place and text for place, text in texts.items()), f"messages in {kind}*")
    return texts


def dump():
    """Tables as text: the database compresses long values, and bytes come out as hex."""
    done = subprocess.run([POSTGRES_BIN + "/pg_dump", "-h", os.path.join(RUN, "sock"), "-p", port(), "-U", "postgres",
                           "-d", "hulei", "--data-only"], capture_output=True, check=False)
    check(done.returncode == 0, "pg_dump: " + done.stderr.decode()[-200:])
    return done.stdout


def files_of_the_run():
    """Log files, the files of the database and of every topic but the feeds: {path: place}."""
    places = {}
    for folder in ("log", "tests"):
        places |= {path: "log" for path in glob.glob(os.path.join(RUN, folder, "*.log*"))}
    for place, top in (("database file", value("SHOW data_directory")), ("broker", os.path.join(RUN, "kafka/data"))):
        for root, _, names in os.walk(top):
            if place == "database file" or not os.path.basename(root).startswith("hulei.feed."):
                places |= {os.path.join(root, name): place for name in names}
    # The broker's indexes are numbers only, and sparse files of 10 MB each.
    return {path: place for path, place in places.items() if os.path.isfile(path) and os.path.getsize(path) > 0
            and not path.endswith(("index", "postmaster.pid"))}


# ---- search ----


def plant_control(planted):
    """Every form of the planted values in a log file of the run and in a scratch table."""
    forms = list(canary.planted_forms(planted).values())
    path = os.path.join(work_folder(), "canary-control.log")
    with open(path, "wb") as file:
        file.write(b"".join(b"event=control value=" + form + b"\n" for form in forms))
    rows = ", ".join(f"('\\x{form.hex()}')" for form in forms)
    sql(f"CREATE TABLE public.canary_control (value bytea); INSERT INTO public.canary_control VALUES {rows};")
    return path


def check_control(hits, planted, places, control):
    found = {}
    for is_planted, kind, encoding, path in hits:
        if is_planted:
            where = "log" if path == control else places.get(path, "")
            found.setdefault(where, set()).add((kind, encoding))
    for where in ("log", "database file"):
        missing = canary.wanted(planted) - found.get(where, set())
        check(not missing, f"planted, but not found in {where}: {sorted(missing)[:6]}")
    check(any(kind_encoding[1].lower() == "hex" for kind_encoding in found.get("dump", ())), "the control in the dump")


def search_memory(values, shown, folder):
    """Foreign data in processes: the courier knows none, the console what it was asked for."""
    roles = {role.role: role.pid for role in Role.started if role.is_running()}
    foreign = {kind: [text for text in texts if text not in shown] for kind, texts in values.items()}
    check(all(len(foreign[kind]) < len(values[kind]) for kind in ("name", "address")), "something was shown")
    for role, own, control in (("courier", values, "hulei.alert.pcs-500111004"), ("console", foreign, "hulei_console")):
        path = os.path.join(folder, f"memory-{role}")
        check(process_memory.dump(roles[role], path) > 1 << 20, f"memory of the {role}")
        with open(path, "rb") as file:
            check(control.encode() in file.read(), f"the {role}'s own words in its memory")
        hits = canary.Search(own, {}).run([path])
        leaks = sorted({f"{kind} as {encoding}" for _, kind, encoding, _ in hits})
        check(not leaks, f"foreign data in the memory of the {role}: {leaks[:10]}")
        os.unlink(path)


def search(values, folder):
    planted = canary.plant()
    control = plant_control(planted)
    try:
        sql("CHECKPOINT")
        places = files_of_the_run()
        texts = topic_contents() | {"dump": dump(), "status": status(), "status --json": status("--json")}
        texts |= {f"metrics {role}": metrics(role) for role in ("engine", "courier", "console")}
        for index, (place, text) in enumerate(texts.items()):
            path = os.path.join(folder, f"text-{index}")
            with open(path, "wb") as file:
                file.write(text)
            places[path] = place
        hits = canary.Search(values, planted).run(list(places))
    finally:
        sql("DROP TABLE IF EXISTS public.canary_control")
        os.unlink(control)
    check_control(hits, planted, places, control)
    leaks = sorted({f"{kind} in {places[path]} ({os.path.basename(path)}) as {encoding}"
                    for is_planted, kind, encoding, path in hits if not is_planted})
    check(not leaks, f"{len(leaks)} leaks: " + "; ".join(leaks[:20]))
    return sum(os.path.getsize(path) for path in places if os.path.exists(path)) >> 20, len(places)


def proof():
    reset()
    sql("DROP TABLE IF EXISTS public.canary_control")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([BIN, "synth", "--persons", str(PERSONS), "--seed", str(SEED), "--out", folder], check=True,
                       stdout=subprocess.DEVNULL)
        values = personal_values(folder)
        start_engine()
        Role("courier").await_log("feeds_assigned")
        Role("console").await_log("console_ready")
        pushed = push_all(folder) + push_broken(folder)
        await_counted(pushed, SECONDS)
        await_rest()
        accepted, shown = accept_some()
        search_memory(values, shown, folder)
        megabytes, files = search(values, folder)
    counts = ", ".join(f"{len(values[kind])} {kind}s" for kind in ("number", "phone", "name"))
    return (f"{pushed} records, {accepted} accepted; {counts}, {len(values['address'])} addresses searched in "
            f"{megabytes} MB of {files} files: none, control found")


if __name__ == "__main__":
    main(proof)
