"""A generated address library and questions about it, to prove `hulei address geocode`.

Shares no table and no normaliser with the matchers: it writes addresses from the official list of divisions with
offices' spelling habits, lays houses around centres of its own, and knows where each one really is."""
import csv
import gzip
import json
import math
import os
import random
import subprocess
import tempfile

from stack import BIN, REPO, check

DIVISIONS = os.path.join(REPO, "config/data/divisions")
METRES_PER_DEGREE = 111195.0
DIGITS = "零一二三四五六七八九"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def rows(name):
    path = os.path.join(DIVISIONS, name)
    opened = gzip.open(path, "rt", encoding="utf-8") if name.endswith(".gz") else open(path, encoding="utf-8")
    with opened as file:
        yield from csv.DictReader(file)


def communities(province):
    """(code, county name, town name, community name) of a province, with the suffixes of the committees taken off."""
    county = {row["code"]: row["name"] for row in rows("divisions_2023_areas.csv")}
    town = {row["code"]: row["name"] for row in rows("divisions_2023_streets.csv.gz")}
    for row in rows("divisions_2023_villages.csv.gz"):
        code, name = row["code"], row["name"]
        if not code.startswith(province) or code[:6] not in county or code[:9] not in town:
            continue
        for suffix, kept in (("社区居民委员会", "社区"), ("村村民委员会", "村"), ("村民委员会", "村"), ("村委会", "村"),
                             ("社区居委会", "社区"), ("居委会", "社区")):
            if name.endswith(suffix) and len(name) > len(suffix):
                yield code, county[code[:6]], town[code[:9]], name[:-len(suffix)] + kept
                break


def chinese(number):
    if number < 10:
        return DIGITS[number]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")


def away(rng, point, radius_m):
    """A point evenly spread over the disc."""
    distance, angle = radius_m * math.sqrt(rng.random()), rng.uniform(0, 2 * math.pi)
    lon, lat = point
    return (lon + distance * math.cos(angle) / (METRES_PER_DEGREE * math.cos(math.radians(lat))),
            lat + distance * math.sin(angle) / METRES_PER_DEGREE)


def apart_m(a, b):
    east = (a[0] - b[0]) * math.cos(math.radians(a[1]))
    return METRES_PER_DEGREE * math.hypot(east, a[1] - b[1])


class Village:
    """A rural community: groups of numbered houses."""

    def __init__(self, rng, community):
        self.code, self.county, self.town, self.name = community
        self.centre = (rng.uniform(105.3, 110.0), rng.uniform(28.3, 32.0))
        self.groups = {number: away(rng, self.centre, 900) for number in range(1, rng.randint(3, 12))}

    def house(self, rng, number, group=None):
        group = group or rng.choice(sorted(self.groups))
        return {"kind": "house", "group": group, "number": number, "at": away(rng, self.groups[group], 250)}

    def standard(self, house):
        return f"重庆市{self.county}{self.town}{self.name}{house['group']}组{house['number']}号"

    def spelled(self, rng, house):
        """As another office would write it."""
        head = rng.choice([f"重庆市{self.county}{self.town}", f"重庆{self.county}{self.town}", f"{self.county}{self.town}"])
        number = house["group"]
        group = rng.choice([f"{number}组", f"{chinese(number)}组", f"第{chinese(number)}村民小组", f"{number}社",
                            f"{number}组".translate(FULL_WIDTH), f"{chinese(number)}社"])
        digits = str(house["number"])
        digits = rng.choice([digits, digits, digits.translate(FULL_WIDTH)])
        return head + self.name + group + digits + rng.choice(["号", "号", "号 "])


class Estate:
    """An urban community: yards at a road number with buildings and flats."""

    def __init__(self, rng, community):
        self.code, self.county, self.town, self.name = community
        self.centre = (rng.uniform(105.3, 110.0), rng.uniform(28.3, 32.0))
        self.road = rng.choice("龙凤金玉春秋文武东南") + rng.choice("山水泉湖滨城兴盛华阳") + rng.choice(["路", "街", "大道"])
        self.yards = {}

    def house(self, rng, number, group=None):
        yard = group or 2 * (number // 20 + 1)
        if yard not in self.yards:
            self.yards[yard] = away(rng, self.centre, 700)
        return {"kind": "flat", "group": yard, "building": number % 9 + 1, "unit": number % 3 + 1,
                "room": 100 * (number % 17 + 1) + number % 4 + 1, "at": away(rng, self.yards[yard], 12)}

    def standard(self, flat):
        return (f"重庆市{self.county}{self.town}{self.name}{self.road}{flat['group']}号{flat['building']}幢"
                f"{flat['unit']}单元{flat['room']}室")

    def spelled(self, rng, flat):
        head = rng.choice([f"重庆市{self.county}{self.town}{self.name}", f"重庆市{self.county}{self.town}",
                           f"{self.county}{self.town}{self.name}"])
        tail = rng.choice([f"{flat['building']}栋{flat['unit']}单元{flat['room']}室",
                           f"{flat['building']}号楼{flat['unit']}单元{flat['room']}",
                           f"{chinese(flat['building'])}幢{flat['unit']}单元{flat['room']}号",
                           f"{flat['building']}幢{flat['unit']}单元{flat['room']}".translate(FULL_WIDTH)])
        return f"{head}{self.road}{flat['group']}号{tail}"


def settlements(rng, count):
    """Each community at most once; a third of them urban."""
    known = list(communities("50"))
    rng.shuffle(known)
    return [(Estate if row[3].endswith("社区") else Village)(rng, row) for row in known[:count]]


def library(rng, count, per_settlement=100):
    """Settlements and their houses, no two of one address."""
    houses = []
    for settlement in settlements(rng, -(-count // per_settlement)):
        for number in range(1, per_settlement + 1):
            houses.append((settlement, settlement.house(rng, number)))
    return houses[:count]


def ask(places, questions):
    done = subprocess.run([BIN, "address", "geocode", "--places", places], input="".join(q + "\n" for q in questions),
                          text=True, capture_output=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    check(len(answers) == len(questions), f"{len(answers)} answers for {len(questions)} lines")
    return answers, done.stderr


def share(hits, count):
    return f"{hits / count:.4f} of {count}"


def known_houses(rng, places, houses, count):
    """Houses of the library in another spelling: each leads to its own place."""
    sample = rng.sample(range(len(houses)), count)
    answers, said = ask(places, [houses[n][0].spelled(rng, houses[n][1]) for n in sample])
    own = sum(answer["place_id"] == f"pl-{n}" for n, answer in zip(sample, answers))
    foreign = sum(answer["place_id"] not in ("", f"pl-{n}") for n, answer in zip(sample, answers))
    check(foreign == 0, f"{foreign} houses led to another place")
    check(own >= 0.99 * count, f"only {own} of {count} houses led to their own place")
    return f"own place {share(own, count)}; {said.strip()}"


def unknown_houses(rng, places, houses, count):
    """Houses the library lacks: relaxed, and the true place lies within the stated uncertainty."""
    asked = []
    while len(asked) < count:
        settlement = rng.choice(houses)[0]
        if isinstance(settlement, Village):
            asked.append((settlement, settlement.house(rng, rng.randint(2000, 9000))))
    answers, _ = ask(places, [settlement.standard(house) for settlement, house in asked])
    located = [(answer, house) for answer, (_, house) in zip(answers, asked) if answer["point"]]
    check(all(answer["precision"] in ("group", "community") for answer, _ in located), "precision of an unknown house")
    check(all(answer["place_id"] == "" for answer, _ in located), "an unknown house has a place_id")
    inside = sum(apart_m((a["point"]["lon"], a["point"]["lat"]), house["at"]) <= a["uncertainty_m"] for a, house in located)
    check(len(located) == count, f"{count - len(located)} houses of known villages were not located")
    check(inside >= 0.9 * count, f"only {inside} of {count} lie within the stated uncertainty")
    return f"unknown houses within the stated uncertainty {share(inside, count)}"


def write_library(file, houses):
    for number, (settlement, house) in enumerate(houses):
        lon, lat = house["at"]
        file.write(f"pl-{number}\t{settlement.standard(house)}\t{lon:.7f}\t{lat:.7f}\tCGCS2000\n")
    file.flush()


def prove(places, questions, seed=5):
    rng = random.Random(seed)
    houses = library(rng, places)
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as file:
        write_library(file, houses)
        return "; ".join((known_houses(rng, file.name, houses, questions),
                          unknown_houses(rng, file.name, houses, questions)))
