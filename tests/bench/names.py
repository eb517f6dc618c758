#!/usr/bin/env python3
"""Lines per second of processor time of `hulei citizen-id check`, `name compare` and `name reading` over 300,000 lines
each, start not counted; one process, so one core. Usage: names.py [HULEI]"""
import os
import resource
import subprocess
import sys

REPO = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("HULEI_BIN", os.path.join(REPO, "build/release/hulei"))
LINES = 300_000


def column(name, *numbers):
    with open(os.path.join(REPO, "tests/data", name), encoding="utf-8") as file:
        return ["\t".join(line.rstrip("\n").split("\t")[n] for n in numbers) for line in list(file)[1:]]


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def seconds(arguments, text):
    before = processor_seconds()
    subprocess.run([BIN, *arguments], input=text, stdout=subprocess.DEVNULL, check=True)
    return processor_seconds() - before


for arguments, lines in ((["citizen-id", "check"], column("id_cases_more.tsv", 0)),
                         (["name", "compare"], column("name_pairs_more.tsv", 1, 2)),
                         (["name", "reading"], column("name_pinyin_cases_more.tsv", 1))):
    text = ("\n".join((lines * (LINES // len(lines) + 1))[:LINES]) + "\n").encode()
    start = min(seconds(arguments, b"") for _ in range(3))
    took = sorted(seconds(arguments, text) for _ in range(3))[1] - start
    print(f"hulei {' '.join(arguments)}: {LINES / took:,.0f} lines/s (median of 3), start {start * 1000:.0f} ms")
