#!/usr/bin/env python3
"""Records per second from Kafka to commit on a filled shard, beside a raw COPY of the same rows in the same run.

The base is pushed and settled first; then the change stream (60 % repeats or changes, 30 % new, 10 % risk and place)
is pushed while the engine is stopped, so that its speed and not the pusher's is measured. TLS, encryption, audit and
receipts are on as always. Prints sizes, rates and the ratio; judges nothing.

    throughput.py [--persons 200000] [--changes 60000]      against the stack of HULEI_RUN
"""
import argparse
import glob
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
import stack  # noqa: E402

LOAD_SECONDS = 300


def synth(folder, persons, changes):
    subprocess.run([stack.BIN, "synth", "--persons", str(persons), "--seed", "7", "--out", folder, "--changes",
                    str(changes)], check=True, stdout=subprocess.DEVNULL)


def push_all(folder):
    """Pushes every topic's file; answers how many messages went out."""
    for path in sorted(glob.glob(os.path.join(folder, "*.ndjson"))):
        topic = os.path.basename(path)[:-len(".ndjson")]
        subprocess.run([stack.BIN, "feed", "push", "--config", stack.CONFIG, "--topic", topic, "--quiet", path],
                       check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def waiting():
    """Messages in the feed topics behind the stored positions."""
    positions = {(row[0], int(row[1])): int(row[2]) for row in stack.sql("SELECT topic, part, next_offset FROM ingest_offset")}
    topics = {topic for topic, _ in positions if topic.startswith("hulei.feed.")}
    return sum(end - positions.get((topic, part), 0) for (topic, part), end in stack.log_ends(topics).items())


def processor_seconds(pid):
    """User and system time of one process so far."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Drained:
    """A start of the engine and everything it read: `count` messages in `took` seconds from assignment to commit."""

    def __init__(self, what, seconds):
        self.what, self.count, before = what, waiting(), stack.counted()
        started = time.monotonic()
        engine = stack.Role("engine")
        engine.await_log("feeds_assigned", LOAD_SECONDS)
        self.load, started = time.monotonic() - started, time.monotonic()
        backend = stack.number("SELECT pid FROM pg_stat_activity WHERE application_name = 'hulei engine'")
        used = processor_seconds(engine.pid), processor_seconds(backend)
        stack.wait_until(lambda: stack.counted() >= before + self.count, seconds, f"{self.count} messages of the {what}")
        self.took = time.monotonic() - started
        self.engine_s = processor_seconds(engine.pid) - used[0]
        self.backend_s = processor_seconds(backend) - used[1]
        engine.stop()

    def __str__(self):
        return (f"{self.what:<9} {self.count:>9} messages  {self.took:8.1f} s  {self.count / self.took:9.0f} messages/s  "
                f"(index loaded in {self.load:.1f} s; {1e6 * self.engine_s / self.count:.0f} us of engine and "
                f"{1e6 * self.backend_s / self.count:.0f} us of PostgreSQL a message)")


def raw_copy():
    """Seconds of a COPY of the record rows alone into an empty table without indexes: the floor for any writer."""
    with tempfile.NamedTemporaryFile(dir=stack.work_folder(), suffix=".copy") as file:
        os.chmod(file.name, 0o666)
        rows = stack.number("SELECT count(*) FROM record")
        stack.sql(f"\\copy (SELECT * FROM record) TO '{file.name}' (FORMAT binary)")
        stack.sql("CREATE TABLE copied (LIKE record)")
        started = time.monotonic()
        stack.sql(f"\\copy copied FROM '{file.name}' (FORMAT binary)")
        took = time.monotonic() - started
        stack.sql("DROP TABLE copied")
    return rows, took


def run(persons, changes):
    stack.reset()
    with tempfile.TemporaryDirectory() as folder:
        synth(folder, persons, changes)
        push_all(folder)
        print(f"persons {persons}, cores {os.cpu_count()}, load {os.getloadavg()[0]:.1f}", flush=True)
        print(Drained("base", 3600), flush=True)
        push_all(os.path.join(folder, "changes"))
        changes = Drained("changes", 3600)
    rows, copy_took = raw_copy()
    print(changes)
    print(f"raw COPY  {rows:>9} rows      {copy_took:8.1f} s  {rows / copy_took:9.0f} rows/s")
    print(f"COPY is {rows / copy_took / (changes.count / changes.took):.1f} times as fast as a change's whole way")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--persons", type=int, default=200_000)
    parser.add_argument("--changes", type=int, default=60_000)
    options = parser.parse_args()
    try:
        run(options.persons, options.changes)
    except stack.Failure as failure:
        sys.exit(f"throughput: {failure}")
    finally:
        stack.stop_all()
