#!/usr/bin/env python3
"""A feed that sends GCJ-02 points as CGCS2000 is found out: a log line, the status, a note on its receipts. An honest
feed beside it, and single mistakes, are left alone."""
from stack import *  # noqa: F403

# The GCJ-02 offset at 大足, as published converters give it; a few kilometres around it changes by metres.
EAST, NORTH = 0.00362384, -0.00269907
HOUSES, LON, LAT = 40, 105.7219, 29.7071


def house(number_):
    return f"{STREET}{number_}号"


def point(number_, is_shifted):
    lon, lat = LON + number_ * 0.0005, LAT
    if is_shifted:
        lon, lat = lon + EAST, lat + NORTH
    return {"lon": round(lon, 7), "lat": round(lat, 7), "crs": "CGCS2000"}


def library():
    return [raw(ADDRESSES, "place", f"p-{n}", NOW, {"place_id": f"p-{n}", "address": house(n), "location": point(n, False)},
                f"p-{n}") for n in range(1, HOUSES)]


def children(topic, prefix, is_shifted):
    """One record for every house, with a point of its own."""
    found = []
    for n in range(1, HOUSES):
        data = child(f"罗小{GIVEN[n]}", "2015-06-01", 2 * n, house(n) + "1单元101室")
        data["person"]["residence"][0]["location"] = point(n, is_shifted(n))
        if topic == SCHOOLS:
            data = {"person": data["person"], "school_id": "s-1"}
        found.append(raw(topic, "enrolment" if topic == SCHOOLS else "child", f"{prefix}-{n}", NOW, data, f"{prefix}-{n}"))
    return found


def shifted():
    return json.loads(value("SELECT detail FROM role_status WHERE role = 'engine'"))["shifted_feeds"]


def notes(source):
    found = []
    for (text,) in sql("SELECT convert_from(payload, 'UTF8') FROM outbox WHERE kind = 'receipt' ORDER BY outbox_id"):
        message = json.loads(text)
        if message.get("source") == source:
            found += [entry.get("note") for entry in message["receipts"]]
    return found


def proof():
    reset()
    engine = start_engine()
    push_raw(library())
    await_counted(HOUSES - 1)
    push_raw(children(SCHOOLS, "e", lambda n: n == 7))  # one clerk's slip
    await_counted(2 * (HOUSES - 1))
    check("feed_points_shifted" not in engine.log(), "an honest feed is not accused")

    push_raw(children(CHILDREN, "c", lambda n: True))
    await_counted(3 * (HOUSES - 1))
    engine.await_log("feed_points_shifted", 10)
    check("gcj02_undeclared" in engine.log(), "the mistake has a name")
    wait_until(lambda: shifted() == 1, 15, "one shifted feed in the status")
    push_raw([raw(CHILDREN, "child", "c-late", NOW, child("罗小晚", "2014-05-01", 200, house(3)), "c-late"),
              raw(SCHOOLS, "enrolment", "e-late", NOW, {"person": {"name": "罗小晚"}, "school_id": "s-1"}, "e-late")])
    await_counted(3 * (HOUSES - 1) + 2)
    same(notes(SOURCE[CHILDREN])[-1], "points_shifted", "note on the receipt of the mistaken feed")
    same(set(notes(SOURCE[SCHOOLS])), {None}, "notes on the receipts of the honest feed")
    for line in engine.log().splitlines():
        check("feed_points_shifted" not in line or not any(part in line for part in ("罗小", "双南", "105.7")),
              "nothing personal in the warning")
    return f"{HOUSES - 1} shifted points"


if __name__ == "__main__":
    main(proof)
