#!/usr/bin/env python3
"""Addresses a second against a generated library of 1,000,000 places, on one core, beside parsing alone in one run.

Loading the library is measured apart and taken off. Prints sizes, medians of three runs and bytes a place; judges
nothing but that every house leads to its own place."""
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../integration"))
from geocode import library, prove, write_library  # noqa: E402
from stack import BIN, main  # noqa: E402

PLACES = int(os.environ.get("HULEI_PLACES", "1000000"))
QUESTIONS = int(os.environ.get("HULEI_QUESTIONS", "300000"))
RUNS = 3


def seconds(command, path):
    """Of one core: what the program used, not what it waited for. And what it said."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(path, encoding="utf-8") as questions:
        done = subprocess.run([BIN, "address", *command], stdin=questions, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stderr


def proof():
    rng = random.Random(9)
    houses = library(rng, PLACES)
    with tempfile.TemporaryDirectory() as folder:
        places, asked, none = (os.path.join(folder, name) for name in ("places.tsv", "asked", "none"))
        with open(places, "w", encoding="utf-8") as file:
            write_library(file, houses)
        with open(asked, "w", encoding="utf-8") as file:
            file.writelines(settlement.spelled(rng, house) + "\n" for settlement, house in rng.choices(houses, k=QUESTIONS))
        open(none, "w", encoding="utf-8").close()
        load, said = seconds(["geocode", "--places", places], none)
        geocode = statistics.median(seconds(["geocode", "--places", places], asked)[0] - load for _ in range(RUNS))
        parse = statistics.median(seconds(["parse"], asked)[0] for _ in range(RUNS))
    return (f"{said.strip()}; loaded in {load:.1f} s; {QUESTIONS} addresses, median of {RUNS}: geocoded "
            f"{QUESTIONS / geocode:,.0f} a second, parsed and printed {QUESTIONS / parse:,.0f} a second "
            f"(ratio {parse / geocode:.2f}); {prove(PLACES, 20000)}")


if __name__ == "__main__":
    main(proof)
