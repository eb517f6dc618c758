#!/usr/bin/env python3
"""Builds and runs all tests, prints the slowest ten and the sum. Run by tests/run.

Knows no test by name: ctest's, sql/tests/run, tests/gates/*.{sh,py}, and of tests/integration what is called test_* or
has the executable bit. A script passes with exit status 0 and is skipped with 77.
"""
import glob
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as xml

REPO = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LIMIT_SECONDS = 90
FULL_LIMIT_SECONDS = 4 * 3600
SKIPPED = 77
TAIL_LINES = 40


def free_ports(count=3, lowest=20000):
    """The first of `count` ports in a row that nobody listens on: another run may be under way."""
    for first in range(lowest + os.getpid() % 2500, 32000, count):
        try:
            for port in range(first, first + count):
                with socket.socket() as listener:
                    listener.bind(("127.0.0.1", port))
            return str(first)
        except OSError:
            continue
    raise SystemExit("no free ports")


# A folder of its own for every run. Roles run as other OS users, who may not be able to enter the tree.
FOLDER = os.path.join(tempfile.gettempdir(), f"hulei-tests.{os.getpid()}")
PROGRAM = os.path.join(FOLDER, "program")
# Debian's psql is a wrapper in Perl, which thousands of questions need not start.
os.environ["PATH"] = "/usr/lib/postgresql/15/bin:" + os.environ["PATH"]
LANES = 2  # stacks side by side: proofs wait more than they compute


class Tally:
    """Outcomes in the order they came."""

    def __init__(self):
        self.rows = []
        self.lock = threading.Lock()
        self.shows_figures = False  # what a passed proof says is worth reading, too

    def add(self, name, outcome, seconds, output=""):
        with self.lock:
            self.say(name, outcome, seconds, output)

    def say(self, name, outcome, seconds, output):
        self.rows.append((name, outcome, seconds))
        print(f"{outcome:7} {name}  ({seconds:.1f} s)", flush=True)
        if output and (outcome == "failed" or self.shows_figures):
            lines = output.rstrip().splitlines()
            verdicts = [line for line in lines[:-TAIL_LINES] if line.startswith("FAIL")]
            for line in verdicts + lines[-TAIL_LINES:]:
                print("    " + line)

    def count(self, outcome):
        return sum(1 for row in self.rows if row[1] == outcome)

    def close(self):
        print("\nslowest:")
        for name, _, seconds in sorted(self.rows, key=lambda row: -row[2])[:10]:
            print(f"  {seconds:6.1f} s  {name}")
        skipped = self.count("skipped")
        failed = self.count("failed")
        print(f"\n{self.count('passed')} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""),
              flush=True)
        return 1 if failed or not self.count("passed") else 0


def run(command, seconds, environment=None):
    """Exit status and output; None for a status means it took too long, and its whole session is ended."""
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        child = subprocess.Popen(command, cwd=REPO, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                 env={**os.environ, **(environment or {})}, start_new_session=True)
        try:
            status = child.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGTERM)
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
            status = None
        output.seek(0)
        text = output.read()
    return status, text + ("" if status is not None else f"\nnot done within {seconds} s")


def run_one(tally, name, command, seconds=LIMIT_SECONDS, environment=None):
    started = time.monotonic()
    status, output = run(command, seconds, environment)
    outcome = "passed" if status == 0 else "skipped" if status == SKIPPED else "failed"
    tally.add(name, outcome, time.monotonic() - started, output)
    return status == 0


def build(tally, preset):
    started = time.monotonic()
    for command in (["cmake", "--preset", preset], ["cmake", "--build", "--preset", preset]):
        status, output = run(command, 1200)
        if status != 0:
            tally.add(f"build/{preset}", "failed", time.monotonic() - started, output)
            return False
    tally.add(f"build/{preset}", "passed", time.monotonic() - started)
    return True


def unit_tests(tally, preset, prefix, *chosen):
    report = os.path.join(REPO, "build", preset, "ctest.xml")
    run(["ctest", "--test-dir", f"build/{preset}", "-j", str(os.cpu_count() or 1), "--timeout", str(LIMIT_SECONDS),
         "--output-junit", report, *chosen], 1200)
    for case in xml.parse(report).getroot().iter("testcase"):
        status = case.get("status")
        outcome = {"run": "passed", "fail": "failed"}.get(status, "skipped")
        tally.add(f"{prefix}/{case.get('name')}", outcome, float(case.get("time")), case.findtext("system-out") or "")


def scripts(folder):
    """Test scripts of a folder as commands' last word; the others are modules."""
    paths = sorted(glob.glob(os.path.join(REPO, "tests", folder, "*")))
    return [path for path in paths if path.endswith((".sh", ".py"))
            and (os.path.basename(path).startswith("test_") or os.access(path, os.X_OK))]


def command_of(path):
    return ["python3" if path.endswith(".py") else "sh", path]


def label(path):
    return os.path.relpath(path, os.path.join(REPO, "tests")) if "/tests/" in path else os.path.basename(path)


def install_program():
    os.makedirs(FOLDER, exist_ok=True)
    run(["cmake", "--install", "build/release", "--prefix", PROGRAM], LIMIT_SECONDS)


class Stack:
    """A PostgreSQL and a Kafka of our own, in a folder and on ports of their own."""

    starting = threading.Lock()

    def __init__(self, tally, number):
        self.tally, self.number = tally, number
        self.settings = {
            "HULEI_RUN": os.path.join(FOLDER, f"stack-{number}"),
            "HULEI_PG_PORT": "25632",
            "HULEI_KAFKA_PORT": free_ports(3, 12000 + 3000 * number),
            "HULEI_WEB_PORT": free_ports(2, 18000 + 3000 * number),
            "HULEI_BIN": os.path.join(PROGRAM, "bin/hulei"),
        }

    def run(self, action, *arguments):
        return run_one(self.tally, f"stack/{action} {self.number}", [f"deploy/dev/{action}", *arguments], LIMIT_SECONDS,
                       self.settings)

    def environment(self):
        """As env.sh says it; the scripts need no shell for it."""
        with open(os.path.join(self.settings["HULEI_RUN"], "env.sh"), encoding="utf-8") as file:
            return {**self.settings, **dict(re.findall(r"([A-Z_]+)='?([^' \n]+)'?", file.read()))}

    def work(self, paths, seconds):
        """Takes scripts from the list until none is left; each brings the database into the state it wants."""
        try:
            with Stack.starting:  # users and caches are everybody's
                is_up = self.run("up")
            while is_up and paths:
                path = paths.pop(0)
                run_one(self.tally, label(path), command_of(path), seconds, self.environment())
        finally:
            self.run("down", "--wipe")


def on_stacks(tally, paths, lanes, seconds):
    install_program()
    threads = [threading.Thread(target=Stack(tally, number + 1).work, args=(paths, seconds)) for number in range(lanes)]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    finally:
        paths.clear()  # when we are told to stop, each lane ends what it runs and takes its stack down
        for thread in threads:
            thread.join()


def browser(tally):
    """The console's pages: built as the lock file says, their unit tests, and each page in a real browser."""
    if run_one(tally, "build/web", ["deploy/dev/web", "--pages-only"], 600):
        for path in scripts("browser"):
            run_one(tally, label(path), command_of(path), LIMIT_SECONDS)


def demo(tally):
    environment = {"HULEI_RUN": os.path.join(FOLDER, "demo"), "HULEI_PG_PORT": "25732",
                   "HULEI_KAFKA_PORT": free_ports(), "HULEI_WEB_PORT": free_ports(2, 26000)}
    run_one(tally, "deploy/demo --exit", ["deploy/demo", "--exit", "--persons", "5000"], LIMIT_SECONDS, environment)
    run(["deploy/dev/down", "--wipe"], LIMIT_SECONDS, environment)


def full(tally, name):
    paths = [path for folder in ("full", "bench") for path in scripts(folder)
             if name is None or name in os.path.splitext(os.path.basename(path))[0]]
    if not paths:
        tally.add(f"full/{name or '*'}", "failed", 0.0, "no such script in tests/full or tests/bench")
        return
    if not build(tally, "release"):
        return
    on_stacks(tally, paths, 1, FULL_LIMIT_SECONDS)


def stop_politely(_signal, _frame):
    raise SystemExit(143)  # the stack is stopped on the way out


def main():
    signal.signal(signal.SIGTERM, stop_politely)
    tally = Tally()
    arguments = sys.argv[1:]
    if arguments and (arguments[0] != "--full" or len(arguments) > 2):
        print("usage: tests/run [--full [NAME]]", file=sys.stderr)
        return 2
    try:
        if arguments:
            tally.shows_figures = True
            full(tally, arguments[1] if len(arguments) == 2 else None)
        else:
            everything(tally)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    return tally.close()


def everything(tally):
    has_release = build(tally, "release")
    if build(tally, "debug"):
        unit_tests(tally, "debug", "unit")
    if build(tally, "thread"):
        unit_tests(tally, "thread", "thread", "-L", "threads")
    for path in scripts("gates"):
        run_one(tally, label(path), command_of(path), LIMIT_SECONDS,
                {"HULEI_BUILD": os.path.join(REPO, "build/release")})
    run_one(tally, "sql/tests/run", ["sql/tests/run"], LIMIT_SECONDS)
    browser(tally)
    if has_release:
        on_stacks(tally, scripts("integration"), LANES, LIMIT_SECONDS)
        demo(tally)


sys.exit(main())
