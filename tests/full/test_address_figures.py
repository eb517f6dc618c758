#!/usr/bin/env python3
"""Figures of the address parser: regions, elements, pairs, and the real addresses that lie beside the repository.
Judges with the division tables alone, not with the parser's own names. --failures prints every miss."""
import csv
import gzip
import json
import os
import re
import subprocess
import sys
from collections import defaultdict

REPO = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("HULEI_BIN", os.path.join(REPO, "build/release/hulei"))
ROWS = os.path.join(REPO, "tests/data/address")
TABLES = os.path.join(REPO, "config/data/divisions")
LIST = os.path.join(REPO, "../shared/data/chinese/addresses_unlabelled.txt.gz")
TELL = "--failures" in sys.argv


def rows(name):
    with open(os.path.join(ROWS, name), encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def ask(action, lines):
    done = subprocess.run([BIN, "address", action], input="".join(line + "\n" for line in lines), text=True,
                          capture_output=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if len(answers) != len(lines):
        raise SystemExit(f"hulei address {action}: {len(answers)} answers to {len(lines)} lines")
    return answers


def tell(*words):
    if TELL:
        print("   ", *words)


# ---- labelled rows ----

def regions(name):
    table = rows(name)
    right = 0
    for row, answer in zip(table, ask("parse", [row["address"] for row in table])):
        wanted = row["code_2023"]
        good = answer["code"].startswith(wanted) if wanted else answer["code"] == ""
        right += good
        if not good:
            tell(row["id"], row["address"], "wanted", wanted, "got", answer["code"], answer["ambiguous"])
    return right, max(len(table), 1)


def spans(segments):
    at, found = 0, set()
    for text, label in segments:
        if label != "O":
            found.add((at, at + len(text), label))
        at += len(text)
    return found


def gold_segments(text):
    return [(part.rsplit("|", 1)[0].replace("\u2420", " "), part.rsplit("|", 1)[1]) for part in text.split(" ")]


def elements(name):
    table = rows(name)
    right = made = gold = 0
    for row, answer in zip(table, ask("parse", [row["address"] for row in table])):
        wanted = spans(gold_segments(row["segments"]))
        got = spans([(part["text"], part["label"]) for part in answer["segments"]])
        right, made, gold = right + len(wanted & got), made + len(got), gold + len(wanted)
        if wanted != got:
            tell(row["id"], row["segments"], "\n       ", " ".join(f"{part['text']}|{part['label']}"
                                                                 for part in answer["segments"]))
    return 2 * right / max(made + gold, 1), gold, len(table)


def pairs(name):
    table = rows(name)
    right = 0
    for row, answer in zip(table, ask("compare", [f"{row['a']}\t{row['b']}" for row in table])):
        right += answer["relation"] == row["relation"]
        if answer["relation"] != row["relation"]:
            tell(row["id"], row["a"], row["b"], "wanted", row["relation"], "got", answer)
    return right, max(len(table), 1)


# ---- real addresses ----

class Tables:
    """Names to codes: today's from the statistics tables, older ones with where the renames say they went."""

    def __init__(self):
        self.counties, self.cities, self.provinces = defaultdict(set), defaultdict(set), defaultdict(set)
        self.old = defaultdict(set)
        for code, name in self.table("divisions_2023_areas.csv"):
            self.counties[name].add(code)
        for code, name in self.table("divisions_2023_cities.csv"):
            self.cities[name].add(code)
        for code, name in self.table("divisions_2023_provinces.csv"):
            self.provinces[name].add(code)
        for filler in ("市辖区", "县"):
            self.counties.pop(filler, None)
            self.cities.pop(filler, None)
        self.add_old()

    @staticmethod
    def table(name):
        with open(os.path.join(TABLES, name), encoding="utf-8") as file:
            return [(row[0], row[1]) for row in list(csv.reader(file))[1:]]

    def add_old(self):
        with open(os.path.join(TABLES, "division_renames.csv"), encoding="utf-8") as file:
            for row in csv.DictReader(file):
                for code in self.counties.get(row["new_county"], ()):
                    if row["old_county"]:
                        self.old[row["old_county"]].add(code)
        today = set().union(*self.counties.values())
        for code, name in self.table("address_code_timeline.csv"):
            if code in today and name not in self.counties:
                self.old[name].add(code)

    def named(self, line):
        """(name, codes) of the first county the line names with its suffix behind at most province and city; None
        when it names none there."""
        rest = line
        place = re.match(r"(中国)?[\s,，]*((?:[\u4e00-\u9fff]{2,8}?(?:省|自治区|市)[\s,，]*)*)", rest)
        within = re.findall(r"[\u4e00-\u9fff]{2,8}?(?:省|自治区|市)", place.group(2))
        for length in range(12, 1, -1):
            name = rest[place.end():place.end() + length]
            if len(name) == length and name in (self.counties.keys() | self.old.keys()):
                codes = self.counties.get(name, set()) | self.old.get(name, set())
                return name, self.inside(codes, within)
        return None

    def inside(self, codes, within):
        for word in within:
            above = {code for found in (self.cities.get(word, ()), self.provinces.get(word, ())) for code in found}
            kept = {code for code in codes if any(code.startswith(upper) for upper in above)}
            codes = kept or codes
        return codes


def judge_real():
    tables = Tables()
    with gzip.open(LIST, "rt", encoding="utf-8") as file:
        lines = file.read().splitlines()
    answers = ask("parse", lines)
    naming = got = ambiguous = bad_lists = 0
    for line, answer in zip(lines, answers):
        candidates = answer["ambiguous"]
        ambiguous += bool(candidates)
        bad_lists += bool(candidates) and not 2 <= len(candidates) <= 20
        named = tables.named(line)
        if named is None:
            continue
        naming += 1
        codes = {code[:6] for code in (candidates or [answer["code"]])}
        good = bool(codes) and codes <= named[1]
        got += good
        if not good:
            tell(line, "names", named, "got", answer["code"], candidates)
    print(f"real addresses: {len(lines)} lines; {naming} name a county, {got} get it or its successor "
          f"({100 * got / naming:.2f} %); ambiguous {ambiguous} ({100 * ambiguous / len(lines):.2f} %); "
          f"lists not of 2 to 20: {bad_lists}; no division {sum(a['code'] == '' for a in answers)}")
    return got >= 0.97 * naming and ambiguous <= 0.08 * len(lines) and bad_lists == 0


def main():
    good = True
    for name in ("address_region_cases.tsv", "region_more.tsv"):
        right, count = regions(name)
        print(f"regions  {name}: {right} of {count}")
        good &= right == count
    for name in ("address_gold.tsv", "gold_more.tsv"):
        f1, count, lines = elements(name)
        print(f"elements {name}: F1 {f1:.4f} over {count} elements of {lines} lines")
        good &= f1 >= 0.98
    for name in ("address_pairs.tsv", "pairs_more.tsv"):
        right, count = pairs(name)
        print(f"pairs    {name}: {right} of {count}")
        good &= right >= 0.95 * count
    if os.path.exists(LIST):
        good &= judge_real()
    else:
        print("real addresses: skipped, the list does not lie beside the repository")
    return 0 if good else 1


sys.exit(main())
