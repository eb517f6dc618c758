"""Persons of an invented county, clustered by `hulei evaluate --records` without Kafka and PostgreSQL."""
import json
import os
import resource
import subprocess
import tempfile

import stack

# Floors of the proof; the figures themselves are printed.
PRECISION, RECALL_NUMBERED, RECALL_BLANK, COMPLETENESS = 0.9995, 0.98, 0.90, 0.999


def evaluate(folder):
    done = subprocess.run([stack.BIN, "evaluate", "--truth", folder, "--records", folder, "--config",
                           os.path.join(stack.REPO, "config/hulei.yaml"), "--json"],
                          capture_output=True, text=True, check=False)
    stack.check(done.returncode == 0, done.stderr[-300:])
    return json.loads(done.stdout), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10


def table(figures):
    """One line per kind of error: pairs of mentions of which at least one holds it."""
    return "".join(f"\n  {row['kind']:17} pairs {row['pairs']:8}  P {row['pairwise']['precision']:.5f}"
                   f"  R {row['pairwise']['recall']:.5f}" for row in sorted(figures["errors"], key=lambda r: r["kind"]))


def prove(persons, seed, memory_mb):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([stack.BIN, "synth", "--persons", str(persons), "--seed", str(seed), "--out", folder], check=True,
                       stdout=subprocess.DEVNULL)
        figures, peak_mb = evaluate(folder)
    identity, index = figures["identity"], figures["index"]
    pairwise, numbered = identity["pairwise"], identity["numbered"]
    blank = next(row for row in figures["errors"] if row["kind"] == "number_missing")["pairwise"]
    text = (f"persons {persons}, mentions {figures['mentions']}; P {pairwise['precision']:.5f} R {pairwise['recall']:.5f}, "
            f"numbers on both sides R {numbered['recall']:.5f}, missing on a side R {blank['recall']:.5f}; "
            f"merged twins {identity['merged_twins']} of {identity['twins']}, two valid numbers {index['two_numbers']}; "
            f"blocking completeness {index['completeness']:.5f}, reduction {index['reduction']:.6f}; "
            f"read {index['read_ms'] / 1000:.1f} s, clustered {index['match_ms'] / 1000:.1f} s, peak {peak_mb} MB"
            + table(figures))
    stack.check(figures["mentions_not_found"] == 0, text)
    stack.check(pairwise["precision"] >= PRECISION, text)
    stack.check(numbered["recall"] >= RECALL_NUMBERED, text)
    stack.check(blank["recall"] >= RECALL_BLANK, text)
    stack.check(identity["twins"] > 0 and identity["merged_twins"] == 0, text)
    stack.check(index["two_numbers"] == 0, text)
    stack.check(index["completeness"] >= COMPLETENESS, text)
    stack.check(peak_mb < memory_mb, text)
    return text
