#!/usr/bin/env python3
"""Generated pairs: one place in two departments' spellings, its neighbours, its namesakes elsewhere. Measures precision
and recall of "same number or better". Spells by its own rules over the division tables; knows nothing of the parser.
HULEI_PAIRS sets their number, --failures prints what is wrong."""
import collections
import csv
import gzip
import json
import os
import random
import subprocess
import sys

REPO = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("HULEI_BIN", os.path.join(REPO, "build/release/hulei"))
TABLES = os.path.join(REPO, "config/data/divisions")
PLACES = int(os.environ.get("HULEI_PAIRS", "20000"))
SEED = int(os.environ.get("HULEI_SEED", "4"))
BETTER = {"same_room", "same_unit", "same_building", "same_number"}
DIGITS = "零一二三四五六七八九"
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
TRADITIONAL = str.maketrans("号县区镇乡楼单", "號縣區鎮鄉樓單")
OLD = {"大足区": "大足县", "江津区": "江津市", "永川区": "永川市", "合川区": "合川市", "南川区": "南川市",
       "铜梁区": "铜梁县", "荣昌区": "荣昌县", "璧山区": "璧山县", "潼南区": "潼南县", "开州区": "开县"}
COMMITTEES = ("社区居民委员会", "村村民委员会", "社区居委会", "村民委员会", "居民委员会", "村委会", "居委会", "社区", "村")
STEMS = "人民 解放 建设 五一 和平 团结 光明 红星 滨江 北环东 南环西 迎宾 工业 学府 桂花 龙腾 锦绣 凤凰 文昌 东风".split()
ROADS = "路 街 大道 路 东路 一路 巷".split()
ESTATES = "荷韵小区 翠屏花园 金科家园 龙景苑 滨江华庭 阳光公寓 御景名城 幸福里小区 东方新城 桂花园小区".split()


def read(name):
    opener = gzip.open if name.endswith(".gz") else open
    with opener(os.path.join(TABLES, name), "rt", encoding="utf-8") as file:
        return list(csv.reader(file))[1:]


class Divisions:
    """Counties, towns and communities by code, from the statistics tables."""

    def __init__(self):
        self.provinces = {row[0]: row[1] for row in read("divisions_2023_provinces.csv")}
        self.cities = {row[0]: row[1] for row in read("divisions_2023_cities.csv")}
        self.counties = {row[0]: row[1] for row in read("divisions_2023_areas.csv") if int(row[0][4:]) not in range(71, 81)}
        self.towns = {row[0]: row[1] for row in read("divisions_2023_streets.csv.gz")
                      if row[0][:6] in self.counties and row[1].endswith(("街道", "镇", "乡"))}
        self.villages = {row[0]: row[1] for row in read("divisions_2023_villages.csv.gz")
                         if row[0][:9] in self.towns and row[1].endswith(COMMITTEES)}
        self.by_stem = collections.defaultdict(list)
        for code, name in self.villages.items():
            self.by_stem[self.stem(name)].append(code)
        names = collections.Counter((code[:6], name) for code, name in self.towns.items())
        self.twice = {key for key, count in names.items() if count > 1}

    @staticmethod
    def stem(name):
        for suffix in COMMITTEES:
            if name.endswith(suffix) and len(name) > len(suffix) + 1:
                return name[:-len(suffix)]
        return name

    def alone(self, code):
        """Whether the community's stem is the only one of its county and town: the place can then be told apart."""
        stem = self.stem(self.villages[code])
        return len(stem) >= 2 and sum(other[:6] == code[:6] for other in self.by_stem[stem]) == 1


def chinese(number):
    tens, ones = divmod(number, 10)
    if tens == 0:
        return DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")


Place = collections.namedtuple("Place", "village group road number sub estate building unit floor room")


def new_place(rng, divisions, codes):
    village = rng.choice(codes)
    while not divisions.alone(village):
        village = rng.choice(codes)
    if rng.random() < 0.6:
        return Place(village, rng.randint(1, 15), "", rng.randint(1, 140), rng.choice([0, 0, 0, 1, 2]), "", 0, 0, 0, 0)
    road = rng.choice(STEMS) + rng.choice(ROADS)
    estate = rng.choice(ESTATES) if rng.random() < 0.5 else ""
    return Place(village, 0, road, rng.randint(1, 400), 0, estate, rng.randint(1, 20), rng.randint(1, 4),
                 rng.randint(1, 30), rng.randint(1, 4))


def head_formal(rng, divisions, place):
    code = place.village
    parts = [divisions.provinces[code[:2]]]
    city = divisions.cities[code[:4]]
    if city not in ("市辖区", "县") and "直辖" not in city:
        parts.append(city)
    return "".join(parts + [divisions.counties[code[:6]], divisions.towns[code[:9]]])


def head_short(rng, divisions, place):
    """Suffixes and upper levels are left out as clerks do; the county always stays, a doubtful one with its city."""
    code = place.village
    county, town = divisions.counties[code[:6]], divisions.towns[code[:9]]
    city = divisions.cities[code[:4]]
    if county in OLD and code[:2] == "50" and rng.random() < 0.3:
        county = OLD[county]
    above = ""
    if rng.random() < 0.7 or list(divisions.counties.values()).count(county) != 1:
        above = divisions.provinces[code[:2]] if city in ("市辖区", "县") or "直辖" in city else city
        if rng.random() < 0.1:
            above += above
    if above and len(county) > 2 and county.endswith(("区", "县", "市")) and "族" not in county and rng.random() < 0.2:
        county = county[:-1]
    if rng.random() < 0.25:
        town = town.replace("街道", "街道办事处")
    elif not place.road and len(town) > 2 and rng.random() < 0.25:
        town = "" if rng.random() < 0.3 else town.removesuffix("街道").removesuffix("镇").removesuffix("乡")
    return above + county + town


def tail(rng, divisions, place, formal):
    village = divisions.villages[place.village]
    if not formal and rng.random() < 0.6:
        stem = divisions.stem(village)
        ending = "社区" if "居" in village or "社区" in village else "村"
        village = stem if stem.endswith(("村", "社区")) else stem + ending
    if place.road:
        return ("" if rng.random() < 0.5 else village) + road_tail(rng, place, formal)
    group = f"{place.group}组"
    if not formal:
        group = rng.choice([f"{place.group}组", f"{chinese(place.group)}组", f"{place.group}社", f"{chinese(place.group)}社",
                            f"第{place.group}村民小组", f"{place.group}组".translate(WIDE)])
    number = f"{place.number}号"
    if not formal and rng.random() < 0.15:
        number = number.translate(WIDE)
    if place.sub:
        number += f"附{place.sub}号"
        if not formal and rng.random() < 0.4:
            number = f"{place.number}-{place.sub}号"
    return village + group + number


def road_tail(rng, place, formal):
    if formal:
        return f"{place.road}{place.number}号{place.estate}{place.building}幢{place.unit}单元{place.floor}-{place.room}"
    inside = rng.choice([f"{place.building}栋{place.unit}单元{place.floor}楼{place.room}号",
                         f"{place.building}号楼{place.unit}单元{place.floor}{place.room:02}室",
                         f"{place.building}-{place.unit}-{place.floor}-{place.room}",
                         f"{chinese(place.building)}幢{place.unit}单元{place.floor}-{place.room}"])
    estate = place.estate if rng.random() < 0.7 else ""
    return f"{place.road}{place.number}号{estate}{inside}"


def spell(rng, divisions, place, formal):
    text = (head_formal if formal else head_short)(rng, divisions, place) + tail(rng, divisions, place, formal)
    if formal:
        return text
    if rng.random() < 0.05:
        text = text.translate(TRADITIONAL)
    if rng.random() < 0.05:
        text += "（户籍）"
    if rng.random() < 0.05:
        text = "现住址：" + text
    return text


def neighbour(rng, place):
    if place.road:
        return place._replace(number=place.number + rng.choice([1, 2, 10]))
    kind = rng.random()
    if kind < 0.4:
        return place._replace(number=place.number + rng.choice([1, 2]))
    if kind < 0.6 and 10 <= place.number and str(place.number)[:2] != str(place.number)[:2][::-1]:
        turned = str(place.number)[:2][::-1] + str(place.number)[2:]
        return place._replace(number=int(turned) or place.number + 1)
    return place._replace(group=place.group + 1)


def namesake(rng, divisions, place):
    """The same community name elsewhere, or another community of the town."""
    same = [code for code in divisions.by_stem[divisions.stem(divisions.villages[place.village])]
            if code[:6] != place.village[:6]]
    if same and rng.random() < 0.7:
        return place._replace(village=rng.choice(same))
    if place.road:
        return place._replace(number=place.number + 3)
    number = int(place.village[9:])
    for step in range(1, 30):
        code = place.village[:9] + f"{number + step:03}"
        if code in divisions.villages:
            return place._replace(village=code)
    return place._replace(number=place.number + 3)


def make_pairs(rng, divisions):
    near = [code for code in divisions.villages if code[:2] in ("50", "51", "52")]
    everywhere = list(divisions.villages)
    for _ in range(PLACES):
        place = new_place(rng, divisions, near if rng.random() < 0.7 else everywhere)
        formal = spell(rng, divisions, place, True)
        yield formal, spell(rng, divisions, place, False), True
        yield formal, spell(rng, divisions, neighbour(rng, place), False), False
        yield formal, spell(rng, divisions, namesake(rng, divisions, place), False), False


def main():
    divisions = Divisions()
    pairs = list(make_pairs(random.Random(SEED), divisions))
    done = subprocess.run([BIN, "address", "compare"], input="".join(f"{a}\t{b}\n" for a, b, _ in pairs), text=True,
                          capture_output=True, check=True)
    hit = miss = false = 0
    for (a, b, same), line in zip(pairs, done.stdout.splitlines(), strict=True):
        answer = json.loads(line)
        found = answer["level"] in BETTER
        hit, miss, false = hit + (same and found), miss + (same and not found), false + (found and not same)
        if "--failures" in sys.argv and same != found:
            print("missed" if same else "false ", a, b, answer)
    precision, recall = hit / max(hit + false, 1), hit / max(hit + miss, 1)
    print(f"pairs {len(pairs)}: same {hit + miss}, found {hit}, false {false}; precision {precision:.4f}, "
          f"recall {recall:.4f} at same number or better")
    return 0 if precision >= 0.995 and recall >= 0.97 else 1


sys.exit(main())
