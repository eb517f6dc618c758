#!/usr/bin/env python3
"""Holds the feed decoder and the JSON Schemas against each other.

Every good body and thousands of spoiled ones are judged by both: `hulei feed validate --lines` and the schemas in
config/schemas/feed. They must agree, and the decoder must name the field that was spoiled. Needs python3-jsonschema.
"""
import argparse
import copy
import json
import os
import random
import subprocess
import sys
import tempfile

import jsonschema

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCHEMAS = os.path.join(ROOT, "config", "schemas", "feed")

# What only the decoder knows: the policy, the binding of sources, the calendar.
BEYOND_SCHEMA = {"sealed", "seal_unclear", "category_off", "category_refused", "category_not_allowed",
                 "source_unknown", "source_not_allowed", "type_not_allowed", "purpose_unknown",
                 "time_in_future", "topic_unknown", "dates_reversed"}

PERSON = {
    "name": "罗小蕾", "former_names": ["罗蕾", "阿依·古丽"], "id_type": "resident_id", "id_number": "500111201503040021",
    "sex": "female", "birth_date": "1985-03-04", "birth_calendar": "solar", "phones": ["13000000000"],
    "residence": [{"address": "重庆市大足区双路街道某村3组12号", "as_of": "2025-01-02", "area_code": "500111004201",
                   "location": {"lon": 105.7, "lat": 29.7, "crs": "CGCS2000", "accuracy_m": 20}, "kind": "living"}],
    "registered": {"address": "重庆市大足区", "area_code": "500111", "household_ref": "h-1"},
    "location": {"lon": 105.7, "lat": 29.7, "crs": "WGS84", "accuracy_m": 5.5},
}

FULL = {
    "child": {"person": PERSON, "circumstances": ["left_behind", "disabled"],
              "guardians": [{"person": {"name": "罗大山", "phones": []}, "relation": "祖父", "role": "entrusted",
                             "away": False}],
              "status": "active", "until": "2030-01-01", "shielded": False},
    "enrolment": {"person": PERSON, "school_id": "sch-7", "grade": "三年级", "boarding": True,
                  "teacher": {"person": {"name": "施老师"}}, "mentor": {"person": {"name": "金老师"}}},
    "school": {"school_id": "sch-7", "name": "双路小学", "kind": "primary", "address": "学坝路1号",
               "area_code": "500111004001", "location": {"lon": 105.7, "lat": 29.7, "crs": "GCJ02"},
               "gates": [{"name": "东门", "location": {"lon": 105.701, "lat": 29.7, "crs": "BD09"}}]},
    "place": {"place_id": "p-9", "address": "学坝路1号", "area_code": "500111004",
              "location": {"lon": 105.7, "lat": 29.7, "crs": "CGCS2000"}, "parent_place_id": "p-1"},
    "risk": {"person": PERSON, "category": "sexoff_minor", "case_ref": "c-1", "offence_date": "2015-01-02",
             "judgment_date": "2015-08-09", "disposition": "conviction", "sentence_months": 72, "victim_minor": True,
             "victim_pupil": False, "contains_sealed": False, "released_on": "2019-01-01", "term_end": "2020-01-01",
             "since": "2019-01-01", "until": "2029-01-01", "authority": "某法院",
             "workplace": {"address": "某路2号", "unit": "某厂", "location": {"lon": 105, "lat": 29, "crs": "WGS84"}},
             "sealed": False, "owner": "司法所"},
    "seal": {"record": {"source": "urn:hulei:500111004:judicial:corrections", "type": "risk", "subject": "s-9"},
             "effective": "2025-01-01", "document": "封存决定1号"},
    "order": {"person": PERSON, "kind": "prohibition", "scope": ["schools", "places"],
              "places": [{"address": "某路3号", "area_code": "500111004001", "radius_m": 200,
                          "location": {"lon": 105.7, "lat": 29.7, "crs": "CGCS2000"}}],
              "approved_home": {"address": "某路5号"}, "from": "2024-01-01", "to": "2027-01-01", "judgment": "某号判决"},
    "risk_status": {"person": PERSON, "event": "move", "on": "2025-02-01", "case_ref": "c-1",
                    "record": {"subject": "s-9", "type": "risk"}},
    "objection": {"record": {"subject": "s-9"}, "other": {"subject": "s-8"}, "by": "guardian",
                  "ground": "not_this_person", "asks": "split", "on": "2025-02-03"},
    "correction": {"objection": {"subject": "o-1", "type": "objection"}, "record": {"subject": "s-9"},
                   "other": {"subject": "s-8"}, "by": "owner", "ground": "wrong_fact", "asks": "correct",
                   "ruling": "rejected", "on": "2025-02-10", "reason": "答复1号"},
    "staff": {"person": PERSON, "unit": "双路小学", "unit_id": "sch-7", "unit_kind": "school", "role": "teacher",
              "from": "2020-09-01", "to": "2030-07-01", "checked_on": "2025-09-01"},
    "guardian_document": {"person": PERSON, "kind": "entrustment", "signed": "2025-01-05", "until": "2026-01-05",
                          "entrusted": {"person": {"name": "罗大山"}}},
    "care_assignment": {"person": PERSON, "volunteers": [{"person": {"name": "施小兰", "sex": "female"}, "unit": "街道"}],
                        "mentor": {"person": {"name": "金老师"}}, "plan": "plan-3", "from": "2025-01-01",
                        "to": "2026-01-01"},
    "feed_control": {"totals": [{"type": "child", "count": 300, "hash": "0" * 64}], "silence_minutes": 1440},
    "calendar": {"days": [{"kind": "holiday", "from": "2026-10-01", "to": "2026-10-07", "name": "国庆节"}]},
    "grid_map": {"grid": "g-17", "area_code": "500111004001", "post": "pcs-sl", "from": "2025-01-01", "to": "2030-01-01"},
    "post_roster": {"post": "pcs-sl", "lead_post": "pcs-sl-lead",
                    "turns": [{"account": "u-18", "phone": "13000000000", "duty": "officer",
                               "from": "2026-03-01T08:00:00+08:00", "to": "2026-03-02T08:00:00+08:00"}]},
    "sos": {"device_id": "w-17", "child_ref": "c-17", "signal": "alarm", "area_code": "500111004201",
            "location": {"lon": 105.7, "lat": 29.7, "crs": "GCJ02", "accuracy_m": 15},
            "raised": "2026-03-01T08:00:00+08:00"},
    "report": {"child": {"person": PERSON}, "at_risk": True, "reporter_ref": "nurse-4",
               "place": {"address": "某路3号", "area_code": "500111004001",
                         "location": {"lon": 105.7, "lat": 29.7, "crs": "CGCS2000"}},
               "reported_at": "2026-03-01T08:00:00+08:00"},
    "lodging": {"minor": {"person": PERSON}, "venue_id": "v-3", "condition": "normal",
                "companions": [{"person": {"name": "罗大山", "sex": "male"}, "relation": "grandparent"}],
                "place": {"address": "某路4号", "area_code": "500111004"}, "at": "2026-03-01T22:00:00+08:00"},
}

TOPICS = {
    "child": ("hulei.feed.civil-affairs.children", "urn:hulei:500111004:civil-affairs:children"),
    "enrolment": ("hulei.feed.education.schools", "urn:hulei:500111004:education:schools"),
    "school": ("hulei.feed.education.schools", "urn:hulei:500111004:education:schools"),
    "place": ("hulei.feed.police.addresses", "urn:hulei:500111004:police:addresses"),
    "risk": ("hulei.feed.judicial.corrections", "urn:hulei:500111004:judicial:corrections"),
    "seal": ("hulei.feed.judicial.corrections", "urn:hulei:500111004:judicial:corrections"),
    "order": ("hulei.feed.judicial.corrections", "urn:hulei:500111004:judicial:corrections"),
    "risk_status": ("hulei.feed.judicial.corrections", "urn:hulei:500111004:judicial:corrections"),
    "objection": ("hulei.feed.judicial.corrections", "urn:hulei:500111004:judicial:corrections"),
    "correction": ("hulei.feed.judicial.corrections", "urn:hulei:500111004:judicial:corrections"),
    "staff": ("hulei.feed.education.schools", "urn:hulei:500111004:education:schools"),
    "guardian_document": ("hulei.feed.civil-affairs.children", "urn:hulei:500111004:civil-affairs:children"),
    "care_assignment": ("hulei.feed.civil-affairs.children", "urn:hulei:500111004:civil-affairs:children"),
    "feed_control": ("hulei.feed.civil-affairs.children", "urn:hulei:500111004:civil-affairs:children"),
    "calendar": ("hulei.feed.civil-affairs.children", "urn:hulei:500111004:civil-affairs:children"),
    "grid_map": ("hulei.feed.civil-affairs.children", "urn:hulei:500111004:civil-affairs:children"),
    "post_roster": ("hulei.feed.civil-affairs.children", "urn:hulei:500111004:civil-affairs:children"),
    "sos": ("hulei.emergency.civil-affairs", "urn:hulei:500111004:civil-affairs:watches"),
    "report": ("hulei.emergency.police", "urn:hulei:500111004:police:reports"),
    "lodging": ("hulei.emergency.police", "urn:hulei:500111004:police:lodging"),
}

SPOILERS = [None, "", "　 ", 0, 7, -1, 3.5, 1e9, True, False, [], {}, [1], [None], [{}], ["x"], "x", "词", "a b",
            "x" * 41, "x" * 51, "x" * 65, "x" * 129, "词" * 301, "x" * 601, "2015-02-31", "2015-13-01", "2015-1-1", "20151301",
            "2015-06", "1849", "2201", "1900-01-01", "9999-12-31", "12345", "123456", "123456789012", "female", "2", 2, 3,
            "none", "lunar", "ended", "order", "split", "upheld", "care_work", ["places"], [], "0" * 64, {"subject": "s-1"},
            "2026-03-01T08:00:00+08:00", [{"kind": "workday", "from": "2026-10-10"}], {"person": {"name": "x"}}, "parent", "conviction", "BD09", "orphan", "risk", ["orphan"], ["orphan", "x"],
            {"name": "x"}, {"person": {"name": "x"}}, {"address": "x"}, [{"address": "x"}] * 21, ["x"] * 21]


def load_schemas():
    schemas = {name[:-5]: json.load(open(os.path.join(SCHEMAS, name), encoding="utf-8"))
               for name in sorted(os.listdir(SCHEMAS)) if name.endswith(".json")}
    store = {schema["$id"]: schema for schema in schemas.values()}  # ids are the file names
    validators = {}
    for name, schema in schemas.items():
        jsonschema.Draft202012Validator.check_schema(schema)
        resolver = jsonschema.RefResolver(schema["$id"], schema, store=store)
        validators[name] = jsonschema.Draft202012Validator(schema, resolver=resolver)
    return schemas, validators


def places(value, path=()):
    """Every place inside a JSON value."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield from places(child, path + (key,))


def spoil(value, path, replacement):
    """A copy with the place at path replaced, or removed where replacement is the class object."""
    value = copy.deepcopy(value)
    parent = value
    for step in path[:-1]:
        parent = parent[step]
    if replacement is object:
        del parent[path[-1]]
    else:
        parent[path[-1]] = copy.deepcopy(replacement)
    return value


def path_text(path):
    text = "data"
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text


def make_cases(rng, count):
    """(type, body, spoiled place or None)"""
    for kind, body in FULL.items():
        yield kind, body, None
        spots = list(places(body))
        for path in spots:
            yield kind, spoil(body, path, object), path
        for _ in range(count // len(FULL)):
            path = rng.choice(spots)
            yield kind, spoil(body, path, rng.choice(SPOILERS)), path


def envelope_cases(rng, count):
    for kind, body in FULL.items():
        event = {"specversion": "1.0", "id": "e-1", "source": TOPICS[kind][1], "type": f"hulei.{kind}.v1",
                 "subject": "s-1", "time": "2025-03-01T08:00:00+08:00", "datacontenttype": "application/json",
                 "purpose": "match", "basis": "law", "data": body}
        yield kind, event, None
        for name in event:
            if name != "specversion":  # without it a line is a plain record, not an event
                yield kind, {k: v for k, v in event.items() if k != name}, (name,)
        spoilers = ["", 7, None, True, "x" * 257, "名字", "a b", "1.1", "hulei.child.v2", "hulei.pet.v1", "2025-02-30", "x",
                    "2025-03-01T08:00:00", "2025-03-01T24:00:00Z", "2025-03-01T08:00:00+15:00", "text/plain",
                    "2025-03-01t08:00:60.5z", "application/json; charset=UTF-8", "500111201503040021", "11010519491231002X"]
        for _ in range(count // len(FULL)):
            name = rng.choice(list(event))
            yield kind, {**event, name: rng.choice(spoilers)}, (name,)


def judge(hulei, lines_by_topic):
    """Runs the decoder over each topic's lines; yields its verdicts in order."""
    verdicts = {}
    environment = {k: v for k, v in os.environ.items() if k != "HULEI_CONFIG"}
    for (topic, source, kind), lines in lines_by_topic.items():
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".ndjson") as file:
            file.write("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
            file.flush()
            run = subprocess.run([hulei, "feed", "validate", "--lines", "--feeds", os.path.join(ROOT, "config", "feeds.yaml"),
                                  "--policy", os.path.join(ROOT, "config", "policy"),
                                  "--topic", topic, "--source", source, "--type", kind, file.name],
                                 capture_output=True, text=True, env=environment, check=False)
        answers = run.stdout.splitlines()
        if len(answers) != len(lines):
            sys.exit(f"{len(lines)} lines gave {len(answers)} verdicts: {run.stderr.strip()}")
        verdicts[(topic, source, kind)] = [json.loads(answer) for answer in answers]
    return verdicts


def compare(cases, verdicts, validators, schema_of):
    """Counts agreement; prints the first disagreements, which hold synthetic people only."""
    counters = {"agree": 0, "differ": 0, "accepted": 0, "beyond": 0, "misnamed": 0}
    for kind, body, place, verdict in ((*case, verdict) for case, verdict in zip(cases, verdicts)):
        is_valid = validators[schema_of(kind)].is_valid(body)
        is_accepted = verdict["outcome"] == "accepted" or verdict["code"] == "not_enabled"  # well formed, not served yet
        if not is_accepted and verdict["code"] in BEYOND_SCHEMA:
            counters["beyond"] += 1
            continue
        counters["accepted"] += is_accepted
        if is_valid != is_accepted:
            counters["differ"] += 1
            if counters["differ"] <= 10:
                print(f"{kind} {place}: schema {'accepts' if is_valid else 'refuses'}, decoder says {verdict}")
            continue
        counters["agree"] += 1
        if not is_accepted and place is not None and schema_of(kind) != "envelope":
            spoiled, named = path_text(place), verdict["field"]
            if not (named.startswith(spoiled) or spoiled.startswith(named)):
                counters["misnamed"] += 1
                print(f"{kind} {spoiled}: decoder names {named}")
    return counters


def run_cases(hulei, cases, to_line, validators, schema_of):
    groups = {}
    for case in cases:
        groups.setdefault((*TOPICS[case[0]], case[0]), []).append(case)
    verdicts = judge(hulei, {group: [to_line(case) for case in members] for group, members in groups.items()})
    total = {}
    for group, members in groups.items():
        for name, value in compare(members, verdicts[group], validators, schema_of).items():
            total[name] = total.get(name, 0) + value
        # A full good body holds every field of the schema: nothing of it may be unknown to the decoder.
        first = verdicts[group][0]
        if "unknown_fields" in first or (first["outcome"] != "accepted" and first["code"] != "not_enabled"):
            print(f"{group[2]}: the full body gives {verdicts[group][0]}")
            total["differ"] = total.get("differ", 0) + 1
    return total


def check_full_bodies(schemas):
    """Every property of every schema is in the full bodies, so that both sides know the same fields."""
    missing = 0
    for kind, body in FULL.items():
        for name in set(schemas[kind]["properties"]) - set(body):
            print(f"{kind}.{name} is in no full body")
            missing += 1
    for name in set(schemas["person"]["properties"]) - set(PERSON):
        print(f"person.{name} is in no full body")
        missing += 1
    return missing


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hulei", default=os.environ.get("HULEI_BIN", os.path.join(ROOT, "build/release/hulei")))
    parser.add_argument("--count", type=int, default=12000)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()

    rng = random.Random(arguments.seed)
    schemas, validators = load_schemas()
    missing = check_full_bodies(schemas)
    bodies = run_cases(arguments.hulei, list(make_cases(rng, arguments.count)),
                       lambda case: {"subject": "s-1", "time": "2025-03-01T08:00:00+08:00", "data": case[1]},
                       validators, lambda kind: kind)
    envelopes = run_cases(arguments.hulei, list(envelope_cases(rng, arguments.count // 6)),
                          lambda case: case[1], validators, lambda kind: "envelope")
    print("bodies:", bodies, "envelopes:", envelopes)
    failed = missing + bodies["differ"] + bodies["misnamed"] + envelopes["differ"]
    return 1 if failed or bodies["agree"] < arguments.count // 2 else 0


if __name__ == "__main__":
    sys.exit(main())
