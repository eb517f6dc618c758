#!/usr/bin/env python3
"""hulei beside cpca, JioNLP and npm address-parse: processor time over the real addresses, and the share of right
counties on the region cases, all in one run. The others are installed, pinned, into a folder of their own; without a
package index it is skipped. hulei answers all five levels and the tail, the others three levels (JioNLP up to five)."""
import csv
import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

REPO = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("HULEI_BIN", os.path.join(REPO, "build/release/hulei"))
LIST = os.path.join(REPO, "../shared/data/chinese/addresses_unlabelled.txt.gz")
CASES = ("address_region_cases.tsv", "region_more.tsv")
FOLDER = os.environ.get("HULEI_BENCH_FOLDER", os.path.join(tempfile.gettempdir(), "hulei-address-parsers"))
PYTHON_PACKAGES = ["cpca==0.5.5", "jionlp==1.5.31"]
NODE_PACKAGE = "address-parse@1.2.19"
SLOW_STRIDE = 8  # JioNLP takes every eighth line
SKIPPED = 77

# Each reads lines and writes {"seconds", "answers": [[province, city, county], …]}; loading is not timed.
CPCA = """
import json, sys, time, cpca
lines = sys.stdin.read().split("\\n")[:-1]
cpca.transform(lines[:3])
start = time.process_time()
table = cpca.transform(lines)
seconds = time.process_time() - start
rows = table.astype(object).where(table.notna(), "").values.tolist()
print(json.dumps({"seconds": seconds, "answers": [[str(x) for x in row[:3]] for row in rows]}))
"""
JIONLP = """
import contextlib, io, json, sys, time
with contextlib.redirect_stdout(io.StringIO()):
    import jionlp
lines = sys.stdin.read().split("\\n")[:-1]
out = []
with contextlib.redirect_stdout(io.StringIO()):
    jionlp.parse_location(lines[0])
    start = time.process_time()
    for line in lines:
        try:
            found = jionlp.parse_location(line)
            out.append([found.get(key) or "" for key in ("province", "city", "county")])
        except Exception:
            out.append(["", "", ""])
    seconds = time.process_time() - start
print(json.dumps({"seconds": seconds, "answers": out}))
"""
NODE = """
const { default: parser } = require(process.argv[1]);
const lines = require('fs').readFileSync(0, 'utf8').split('\\n').slice(0, -1);
parser.parse(lines[0]);
const start = process.cpuUsage();
const answers = lines.map(line => { try { const [r] = parser.parse(line);
  return [r.province || '', r.city || '', r.area || '']; } catch (error) { return ['', '', '']; } });
const used = process.cpuUsage(start);
const seconds = (used.user + used.system) / 1e6;
console.log(JSON.stringify({ seconds, answers }));
"""


def install():
    """The interpreter with the Python packages, and the folder of the node package; None when there is no index."""
    os.makedirs(FOLDER, exist_ok=True)
    python = os.path.join(FOLDER, "venv/bin/python")
    node = os.path.join(FOLDER, "node_modules/address-parse")
    try:
        if not os.path.exists(python):
            subprocess.run([sys.executable, "-m", "venv", os.path.join(FOLDER, "venv")], check=True)
            subprocess.run([python, "-m", "pip", "install", "-q", *PYTHON_PACKAGES], check=True)
        if not os.path.isdir(node):
            subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", NODE_PACKAGE], cwd=FOLDER, check=True)
    except (subprocess.CalledProcessError, FileNotFoundError):
        return None
    return python, node


def text_of(lines):
    return "".join(line + "\n" for line in lines)


def run_other(command, lines):
    done = subprocess.run(command, input=text_of(lines), text=True, capture_output=True, check=True)
    answer = json.loads(done.stdout.splitlines()[-1])
    return answer["seconds"], answer["answers"]


def run_hulei(lines):
    """The whole program's processor time: start, parse, JSON."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        file.write(text_of(lines))
        file.seek(0)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([BIN, "address", "parse"], stdin=file, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, [json.loads(line)["code"] for line in done.stdout.decode().splitlines()]


def cases():
    found = []
    for name in CASES:
        with open(os.path.join(REPO, "tests/data/address", name), encoding="utf-8") as file:
            found.append((name, list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))))
    return found


def same_name(wanted, got):
    """By the first two characters, so that nobody loses by a suffix; a wanted level that is missing is wrong."""
    return wanted == "" or (got != "" and wanted[:2] == got[:2])


def is_right(row, answer):
    if isinstance(answer, str):
        return answer.startswith(row["code_2023"]) if row["code_2023"] else answer == ""
    if row["code_2023"] == "":
        return not any(answer)
    names = [row["province"], row["city"], row["county"]]
    if names[1] == names[0] or "直辖" in names[1]:
        names[1] = ""
    return all(same_name(wanted, got) for wanted, got in zip(names, answer))


def main():
    tools = install()
    if tools is None or not os.path.exists(LIST):
        print("skipped: no package index, or no address list beside the repository")
        return SKIPPED
    python, node = tools
    with gzip.open(LIST, "rt", encoding="utf-8") as file:
        lines = file.read().splitlines()
    parsers = [("hulei", run_hulei),
               ("cpca 0.5.5", lambda rows: run_other([python, "-c", CPCA], rows)),
               ("JioNLP 1.5.31", lambda rows: run_other([python, "-c", JIONLP], rows)),
               ("address-parse 1.2.19", lambda rows: run_other(["node", "-e", NODE, node], rows))]
    for name, run in parsers:
        taken = lines[::SLOW_STRIDE] if name.startswith("JioNLP") else lines
        seconds = sorted(run(taken)[0] for _ in range(3))[1] if name == "hulei" else run(taken)[0]
        shares = []
        for table, rows in cases():
            right = sum(is_right(row, answer) for row, answer in zip(rows, run([row["address"] for row in rows])[1]))
            shares.append(f"{right} of {len(rows)} of {table}")
        print(f"{name:22} {len(taken)} lines in {seconds:8.3f} s = {len(taken) / seconds:8.0f}/s; right "
              + ", ".join(shares), flush=True)
    return 0


sys.exit(main())
