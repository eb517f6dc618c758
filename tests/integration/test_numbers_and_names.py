#!/usr/bin/env python3
"""`hulei citizen-id check`, `hulei name compare` and `hulei name reading` against the case files: one line out for every
line in, whatever it holds, and every answer as the file says. Needs neither PostgreSQL nor Kafka."""
import json
import os
import subprocess
import sys

REPO = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("HULEI_BIN", os.path.join(REPO, "build/release/hulei"))
CLASSES = ("resident", "hmt_permit", "foreign", "other")
wrong = []


def cases(name):
    with open(os.path.join(REPO, "tests/data", name), encoding="utf-8", newline="\n") as file:
        heading, *lines = file.read().split("\n")[:-1]
    return [dict(zip(heading.split("\t"), line.split("\t"))) for line in lines]


def answers(arguments, lines):
    """One JSON object per line of input."""
    done = subprocess.run([BIN, *arguments], input="".join(line + "\n" for line in lines).encode(),
                          capture_output=True, check=False)
    out = done.stdout.decode().splitlines()
    if done.returncode != 0 or len(out) != len(lines):
        sys.exit(f"{arguments}: status {done.returncode}, {len(lines)} lines in, {len(out)} out: {done.stderr.decode()}")
    return [json.loads(line) for line in out]


def expect(is_right, name, row, answer):
    if not is_right:
        wrong.append(f"{name}: {row} gives {json.dumps(answer, ensure_ascii=False)}")


def check_numbers(name, relaxed):
    rows = cases(name)
    for row, answer in zip(rows, answers(["citizen-id", "check"], [row["number"] for row in rows])):
        is_valid = row["valid"] == "1"
        right = answer["valid"] == is_valid and (answer["error"] is None) == is_valid and answer["class"] in CLASSES
        if is_valid:
            right = right and (answer["birth_date"] or "") == row["birth_date"]
            right = right and str(answer["sex"] or "") == row["sex"]
        if not relaxed:
            right = right and (answer["error"] or "") == row["error"] and answer["class"] == (row["class"] or "other")
            right = right and set(filter(None, row["notes"].split(","))) <= set(answer["notes"])
            right = right and (answer["area_name"] or "") == row["area_name"]
        expect(right, name, row, answer)
    return len(rows)


def check_pairs(name):
    rows = cases(name)
    forth = answers(["name", "compare"], [row["a"] + "\t" + row["b"] for row in rows])
    back = answers(["name", "compare"], [row["b"] + "\t" + row["a"] for row in rows])
    for row, answer, other in zip(rows, forth, back):
        expect(answer["relation"] == row["relation"] and answer == other, name, row, answer)
    return len(rows)


def check_readings(name):
    rows = cases(name)
    for row, answer in zip(rows, answers(["name", "reading"], [row["name"] for row in rows])):
        right = answer["reading"] in row["expected"].split("|") and answer["reading"] in answer["readings"]
        right = right and all(expected in answer["readings"] for expected in row["expected"].split("|"))
        right = right and answer["surname"] in row["surname"].split("|") and answer["given"] in row["given"].split("|")
        expect(right, name, row, answer)
    return len(rows)


def check_any_input():
    """Blank, broken and overlong lines have their line too."""
    odd = [b"", b"\t", b"\t\t\t", b"\xff\xfe", b"\xe6\x9d", b"a\x00b\tc", b"x" * 100000, "王\r".encode(), b"\r",
           ("王伟\t" * 50).encode(), "王伟".encode() + b"\t\xff", b" " * 5000]
    for arguments in (["citizen-id", "check"], ["name", "compare"], ["name", "reading"]):
        for ending in (b"\n", b""):
            done = subprocess.run([BIN, *arguments], input=b"\n".join(odd) + ending, capture_output=True, check=False)
            lines = done.stdout.decode().splitlines()
            expect(done.returncode == 0 and len(lines) == len(odd) and all(json.loads(line) for line in lines),
                   "any input", arguments, [len(lines), done.stderr.decode()])
    return len(odd)


counts = [check_numbers("id_cases.tsv", True), check_numbers("id_cases_more.tsv", False), check_pairs("name_pairs.tsv"),
          check_pairs("name_pairs_more.tsv"), check_readings("name_pinyin_cases.tsv"),
          check_readings("name_pinyin_cases_more.tsv"), check_any_input()]
for line in wrong:
    print(line)
print(f"{counts[0]} + {counts[1]} numbers, {counts[2]} + {counts[3]} pairs of names, {counts[4]} + {counts[5]} readings, "
      f"{counts[6]} odd lines: {len(wrong)} wrong")
sys.exit(bool(wrong))
