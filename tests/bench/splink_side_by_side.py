#!/usr/bin/env python3
"""`hulei link` and Splink 4 on DuckDB, one after the other on the same records of `hulei synth`: seconds, peak memory, F1.
Splink comes from PyPI into a virtual environment of its own; without it the script counts as skipped.

usage: splink_side_by_side.py [--persons N] [--threads N]   (default: 370000 persons, about 1,000,000 records; 2 threads)"""
import argparse
import csv
import glob
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter

HERE = os.path.dirname(os.path.abspath(__file__))
REPO = os.path.dirname(os.path.dirname(HERE))
BIN = os.environ.get("HULEI_BIN", os.path.join(REPO, "build/release/hulei"))
CONFIGS = ["persons", "persons_table"]  # the engine's own comparison; the columns as Splink compares them
CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache")), "hulei")
PINNED = ["splink==4.0.17", "duckdb==2.0.1", "pandas==3.1.1", "numpy==2.4.6", "sqlglot==30.30.0", "igraph==1.0.0",
          "altair==6.3.0", "Jinja2==3.1.6"]


def virtual_environment():
    """Its python; None when the packages cannot be had."""
    folder = os.path.join(CACHE, "splink-4.0.17")
    python = os.path.join(folder, "bin/python")
    done = os.path.join(folder, "complete")
    if not os.path.exists(done):
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        if subprocess.run([python, "-m", "pip", "install", "-q", *PINNED], check=False).returncode != 0:
            return None
        with open(done, "w", encoding="utf-8"):
            pass
    return python


def measured(command, log):
    """Seconds of wall time, seconds of CPU time and peak MiB of one process; its output goes to the log. A process
    inherits the peak of the one that starts it, so this one must stay small until all have run."""
    with open(log, "w", encoding="utf-8") as output:
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
    if status != 0:
        with open(log, encoding="utf-8") as file:
            raise SystemExit(f"{command[0]} failed:\n{file.read()[-2000:]}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def pairs_of(counts):
    return sum(count * (count - 1) // 2 for count in counts.values())


def f1(path, truth):
    """Pairwise precision, recall and F1 of a file of cluster_id and record_id."""
    with open(path, encoding="utf-8", newline="") as file:
        clusters = {row["record_id"]: row["cluster_id"] for row in csv.DictReader(file)}
    both = pairs_of(Counter((clusters.get(record, record), entity) for record, entity in truth.items()))
    found = pairs_of(Counter(clusters.get(record, record) for record in truth))
    true = pairs_of(Counter(truth.values()))
    precision, recall = both / max(found, 1), both / max(true, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def read_truth(path):
    with open(path, encoding="utf-8", newline="") as file:
        return {row["record_id"]: row["entity"] for row in csv.DictReader(file)}


def splink_seconds(log, seconds):
    """Until its clusters at one threshold stand; the further thresholds are not in the time."""
    with open(log, encoding="utf-8") as file:
        for line in file:
            if line.startswith("splink: clustered"):
                return float(line.split(" after ")[1].split()[0])
    return seconds


def run_hulei(folder, config, records, threads):
    """Measures and the files of clusters by name."""
    out = os.path.join(folder, config)
    measures = measured([BIN, "link", "--config", os.path.join(REPO, "config/link", config + ".yaml"), "--out", out,
                         "--threads", str(threads), records], os.path.join(folder, config + ".log"))
    return measures, {"": os.path.join(out, "clusters.csv")}


def run_splink(folder, python, records, threads):
    out = os.path.join(folder, "splink")
    os.mkdir(out)
    log = os.path.join(folder, "splink.log")
    seconds, cpu, peak = measured([python, os.path.join(HERE, "splink_run.py"), records, out, str(threads)], log)
    files = {os.path.basename(path)[len("clusters_"):-len(".csv")]: path for path in glob.glob(os.path.join(out, "*.csv"))}
    return (splink_seconds(log, seconds), cpu, peak), files


def best_of(files, truth):
    """The threshold that suits a linker best, and precision, recall and F1 there."""
    return max(((key, f1(path, truth)) for key, path in files.items()), key=lambda item: item[1][2])


def table_row(name, measures, figures):
    seconds, cpu, peak = measures
    return (f"| {name} | {seconds:.1f} s | {cpu:.1f} s | {peak:,.0f} MiB | {figures[0]:.5f} | {figures[1]:.5f} "
            f"| {figures[2]:.5f} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--persons", type=int, default=370000)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    python = virtual_environment()
    if python is None:
        return 77
    load_before = os.getloadavg()
    with tempfile.TemporaryDirectory() as folder:
        county, records, truth_path = (os.path.join(folder, name) for name in ("county", "records.csv", "truth.csv"))
        subprocess.run([BIN, "synth", "--persons", str(options.persons), "--seed", "7", "--date", "2026-11-25", "--out",
                        county], check=True, stdout=subprocess.DEVNULL)
        count = subprocess.run([sys.executable, os.path.join(HERE, "synth_table.py"), county, records, truth_path],
                               check=True, capture_output=True, text=True).stdout.strip()
        print(f"{count} records of {options.persons} persons, {options.threads} threads", flush=True)
        runs = {config: run_hulei(folder, config, records, options.threads) for config in CONFIGS}
        splink, splink_files = run_splink(folder, python, records, options.threads)
        truth = read_truth(truth_path)
        best = {config: best_of(files, truth)[1] for config, (_, files) in runs.items()}
        threshold, best_splink = best_of(splink_files, truth)
    print("| linker | wall | CPU | peak memory | precision | recall | F1 |\n| --- | --- | --- | --- | --- | --- | --- |")
    for config, (measures, _) in runs.items():
        print(table_row(f"hulei, {config}.yaml", measures, best[config]))
    print(table_row(f"Splink 4 on DuckDB, best of {len(splink_files)} thresholds: {threshold}; CPU of all", splink,
                    best_splink))
    for config, (measures, _) in runs.items():
        print(f"{config}.yaml against Splink: {splink[0] / measures[0]:.1f} times faster, {splink[2] / measures[2]:.1f} "
              f"times less memory, F1 {best[config][2] - best_splink[2]:+.5f}")
    print(f"load average before, behind: {load_before[0]:.1f}, {os.getloadavg()[0]:.1f} (an idle machine: below 1 before)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
