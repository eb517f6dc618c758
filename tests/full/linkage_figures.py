"""Runs `hulei link` on the public benchmarks beside the repository and reads its figures.
The truth goes to --truth only, which prints figures after everything is decided."""
import csv
import os
import re
import subprocess
import tempfile
import time

REPO = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.path.join(REPO, "../shared/data/linkage")
FIGURE = re.compile(r"^(.*): precision ([\d.]+) recall ([\d.]+) F1 ([\d.]+) \(true (\d+), false (\d+), missed (\d+)\)")


def program():
    build = os.environ.get("HULEI_BUILD")
    return os.path.join(build, "hulei") if build else os.environ.get("HULEI_BIN", os.path.join(REPO, "build/release/hulei"))


def is_there():
    return os.path.isdir(DATA)


def rows(name):
    with open(os.path.join(DATA, name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, skipinitialspace=True))


def write(path, records):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(records[0]))
        writer.writeheader()
        writer.writerows(records)
    return path


def link(config, tables, entity, identifier, *arguments):
    """Figures by name ("clusters", "pairs p >= 0.50", ...) of tables {name: records} and the seconds it took."""
    with tempfile.TemporaryDirectory() as folder:
        files = [write(os.path.join(folder, name + ".csv"), records) for name, records in tables.items()]
        truth = write(os.path.join(folder, "truth.csv"),
                      [{"record_id": record[identifier], "entity": entity(record), "source": name}
                       for name, records in tables.items() for record in records])
        started = time.monotonic()
        done = subprocess.run([program(), "link", "--config", os.path.join(REPO, "config/link", config), "--out", folder,
                               "--truth", truth, *arguments, *files], capture_output=True, text=True, check=False)
        seconds = time.monotonic() - started
        if done.returncode != 0:
            raise SystemExit(f"hulei link {config}: {done.stderr}")
    found = {}
    for line in done.stdout.splitlines():
        figure = FIGURE.match(line)
        if figure:
            precision, recall, f1 = map(float, figure.groups()[1:4])
            found[figure[1]] = {"precision": precision, "recall": recall, "F1": f1, "false": int(figure[6])}
            print(f"{config}: {line}")
        elif line.startswith("blocking recall"):
            print(f"{config}: {line}")
    print(f"{config}: {seconds:.1f} s")
    return found


def febrl_entity(record):
    return record["rec_id"].split("-")[1]


def febrl4():
    """Linking two files, p >= 0.5."""
    tables = {name: rows(f"febrl/{name}.csv") for name in ("dataset4a", "dataset4b")}
    return link("febrl4.yaml", tables, febrl_entity, "rec_id")["pairs p >= 0.50"]


def febrl3():
    """Deduping one file, p >= 0.99."""
    return link("febrl3.yaml", {"dataset3": rows("febrl/dataset3.csv")}, febrl_entity, "rec_id")["pairs p >= 0.99"]


def historical(limit=None):
    """Clusters of historical figures; Splink's published pairwise F1 is 0.757, GoldenMatch's 0.779."""
    records = rows("splink/historical_50k.csv")[:limit]
    return link("historical_50k.yaml", {"historical": records}, lambda record: record["cluster"], "unique_id")["clusters"]


def check(rule, holds):
    print(("holds: " if holds else "BROKEN: ") + rule)
    return holds
