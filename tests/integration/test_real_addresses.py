#!/usr/bin/env python3
"""Real addresses as a department would send them: a CSV with Chinese headings, through Kafka and the engine, every row
accounted for. The list lies beside the repository and is no part of it; without it the proof is skipped."""
import csv
import gzip
import itertools
import os
import re
import subprocess
import sys

from stack import *  # noqa: F403

LIST = os.path.join(REPO, "../shared/data/chinese/addresses_unlabelled.txt.gz")
LINES = int(os.environ.get("HULEI_ADDRESSES", "3000"))  # the list has 16607
SECONDS = int(os.environ.get("HULEI_SECONDS", "60"))
SAMPLE = 200
NEWER, OLDER = "2026-03-02T08:00:00+08:00", "2026-03-01T08:00:00+08:00"
MAP = os.path.join(REPO, "config/feeds/place.yaml")


def address_list():
    with gzip.open(LIST, "rt", encoding="utf-8") as file:
        return [line.rstrip("\r\n") for line in itertools.islice(file, LINES)]


def place(number_, address, when=NEWER):
    return {"地址编码": f"real-{number_:05d}", "更新时间": when, "标准地址": address, "区划代码": ""}


def push_table(rows, *options):
    """(pushed, rejected) as the command says, and the rows of its reject file."""
    path, rejects = (os.path.join(work_folder(), "real_addresses" + end) for end in (".csv", ".rejects.csv"))
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    done = push("--topic", ADDRESSES, "--type", "place", "--map", MAP, "--rejects", rejects, *options, path)
    told = re.fullmatch(r"pushed (\d+), rejected (\d+), failed 0\n", done.stdout)
    check(told, f"hulei feed push: {done.stdout} {done.stderr[-300:]}")
    with open(rejects, encoding="utf-8", newline="") as file:
        refused = list(csv.DictReader(file))
    pushed, rejected = int(told.group(1)), int(told.group(2))
    same(pushed + rejected, len(rows), "rows pushed or rejected")
    same(len({row["row"] for row in refused}), rejected, "rows of the reject file")
    return pushed, refused


def push_odd_rows(addresses):
    """What a real delivery holds beside good rows: repeats, an older state, rows without a sense."""
    repeated = push_table([place(n, addresses[n]) for n in range(50)])[0]
    older = push_table([place(n, addresses[n] + "旁", OLDER) for n in range(20)])[0]
    bad = [place(LINES + n, "") for n in range(10)]
    pushed, refused = push_table(bad)
    same(pushed, 0, "rows without an address that passed the sender's check")
    same({row["heading"] for row in refused}, {"标准地址"}, "heading in the reject file")
    return repeated, older, push_table(bad, "--unchecked")[0]


def account(pushed):
    """pushed = accepted + unchanged + superseded + refused, refused = parked; the table has every accepted one."""
    await_counted(sum(pushed), SECONDS)
    got = outcomes()
    same([got.get(word, 0) for word in ("accepted", "unchanged", "superseded", "refused")], pushed, "outcomes")
    same(number("SELECT count(*) FROM parked WHERE state = 'parked'"), got["refused"], "refused is parked")
    same(number("SELECT count(*) FROM place JOIN record USING (record_id) WHERE state = 'live'"), pushed[0],
         "rows of the place table")
    same(number("SELECT count(*) FROM record JOIN source USING (source_id) WHERE subject ~ '^real-'"
                f" AND urn = '{SOURCE[ADDRESSES]}'"), pushed[0], "records of the address library")
    return got


def ask(action, lines, *options):
    done = subprocess.run([BIN, "address", action, *options], input="".join(line + "\n" for line in lines), text=True,
                          capture_output=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    same(len(answers), len(lines), f"answers of hulei address {action}")
    return answers


def resolve(rows):
    """A sample back to its own place_id, by the index that the engine uses. Lines that name no county, or no house in
    it, are nobody's address and not sampled. What has several lines for one yard may answer one of the others."""
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", dir=work_folder(), encoding="utf-8") as file:
        file.write("".join(f"{row['地址编码']}\t{row['标准地址']}\n" for row in rows))
        file.flush()
        answers = ask("geocode", [row["标准地址"] for row in rows], "--places", file.name)
    precise = [n for n, answer in enumerate(answers) if answer["precision"] in ("number", "building", "room")]
    check(len(precise) >= SAMPLE, f"only {len(precise)} lines say a house")
    sample = random.Random(2).sample(precise, SAMPLE)
    text_of = {row["地址编码"]: row["标准地址"] for row in rows}
    others = [n for n in sample if answers[n]["place_id"] != rows[n]["地址编码"]]
    for other in ask("compare", [f"{rows[n]['标准地址']}\t{text_of[answers[n]['place_id']]}" for n in others]):
        check(other["level"] in ("same_room", "same_unit", "same_building", "same_number"),
              f"a line leads to another place that is {other['level']}")
    own = SAMPLE - len(others)
    check(own >= 0.9 * SAMPLE, f"only {own} of {SAMPLE} lines lead to their own place_id")
    return f"{len(precise)} lines say a house; of {SAMPLE} sampled {own} lead to their own place_id, {len(others)} to its yard"


def proof():
    reset()
    addresses = address_list()
    engine = start_engine()
    rows = [place(n, address) for n, address in enumerate(addresses)]
    good, refused = push_table(rows)
    repeated, older, bad = push_odd_rows(addresses)
    outcome = account([good, repeated, older, bad])
    await_rest()
    engine.stop()
    told = ", ".join(f"{word} {outcome[word]}" for word in ("accepted", "unchanged", "superseded", "refused"))
    return f"rows {len(addresses)}, rejected {len(refused)}; {told}; {resolve(rows)}"


if __name__ == "__main__":
    if not os.path.exists(LIST):
        print("skipped: no address list beside the repository")
        sys.exit(77)
    main(proof)
