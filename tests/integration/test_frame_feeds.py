#!/usr/bin/env python3
"""The feeds that hold the frame: calendar, grid_map, post_roster and feed_control arrive in their tables, the newest
version by source time counts, a withdrawal takes back what was said, and contacts are stored sealed."""
import hashlib

from stack import *  # noqa: F403

PHONE = "13000000017"


class Feed:
    """Messages of one minute each; what is sent later may be older."""

    def __init__(self):
        self.count = 0

    def send(self, kind, subject, minute, data, topic=CHILDREN):
        self.count += 1
        push_raw([raw(topic, kind, subject, f"2026-03-01T10:{minute:02d}:00+08:00", data, f"f-{self.count}")])
        await_counted(self.count)


def is_working(*days):
    return "".join(value(f"SELECT is_working_day('{day}')") for day in days)


def days(kind, first, last=None):
    return {"days": [dict({"kind": kind, "from": first}, **({"to": last} if last else {}))]}


def calendar(feed):
    same(is_working("2026-05-04", "2026-05-09", "2026-05-11"), "ftt", "the shipped days")
    feed.send("calendar", "k-1", 5, {"days": [{"kind": "workday", "from": "2026-05-04"},
                                              {"kind": "holiday", "from": "2026-05-09", "to": "2026-05-11"}]})
    same(is_working("2026-05-03", "2026-05-04", "2026-05-09", "2026-05-11", "2026-05-12"), "ftfft", "the feed's days")
    feed.send("calendar", "k-2", 3, days("holiday", "20260504"))
    same(is_working("2026-05-04"), "t", "an older record of another number does not win")
    feed.send("calendar", "k-1", 4, days("holiday", "2026-06-01"))
    same(is_working("2026-05-04", "2026-06-01"), "tt", "a late version changes nothing")
    feed.send("calendar", "k-1", 6, days("holiday", "2026-06-01"))
    same(is_working("2026-05-04", "2026-05-09", "2026-06-01"), "ftf", "a newer version replaces all of it")
    feed.send("calendar", "k-1", 7, None)
    feed.send("calendar", "k-2", 7, None)
    same(is_working("2026-05-04", "2026-06-01"), "ft", "withdrawn: the shipped days again")


def told(area, day):
    return [row[0] for row in sql(f"SELECT post_id FROM route_posts('{area}', NULL, NULL, NULL, '{{police}}', 'O1',"
                                  f" '{day}') ORDER BY 1")]


def grids(feed):
    area = "500111004201"
    same(told(area, "2026-05-10"), ["pcs-500111004"], "as posts.yaml says")
    feed.send("grid_map", "g-1", 5, {"grid": "17", "area_code": area, "post": "pcs-500111005", "from": "2026-05",
                                     "to": "2026-06"})
    same([told(area, day) for day in ("2026-04-30", "2026-05-01", "2026-06-30", "2026-07-01")],
         [["pcs-500111004"], ["pcs-500111005"], ["pcs-500111005"], ["pcs-500111004"]], "from the first to the last day")
    feed.send("grid_map", "g-2", 5, {"grid": "18", "area_code": area, "post": "nobody-17", "from": "2026-01-01"})
    same(sql("SELECT fault, post_id FROM post_faults()"), [["unknown_post", "nobody-17"]], "a post nobody has")
    wait_until(lambda: value("SELECT detail->'post_faults'->>'unknown_post' FROM role_status WHERE role = 'courier' AND"
                             " detail->'alarm' = 'true'"), 15, "the courier's alarm")
    feed.send("grid_map", "g-2", 6, None)
    feed.send("grid_map", "g-1", 6, None)
    same(told(area, "2026-05-10"), ["pcs-500111004"], "withdrawn")


def roster(feed):
    turn = {"account": "u-7", "phone": PHONE, "duty": "officer", "from": "2026-05-01T08:00:00+08:00",
            "to": "2026-05-01T20:00:00+08:00"}
    feed.send("post_roster", "d-1", 5, {"post": "pcs-500111004", "lead_post": "sfj-dz", "turns": [
        turn, {"account": "u-8", "duty": "lead", "from": "2026-05-01T00:00:00+08:00", "to": "2026-05-02T00:00:00+08:00"}]})
    same(sql("SELECT account, duty, contact IS NOT NULL, wrapped IS NOT NULL FROM duty_at('pcs-500111004',"
             " '2026-05-01 12:00+08')"), [["u-7", "officer", "t", "t"], ["u-8", "lead", "f", "t"]], "on duty at noon")
    same(sql("SELECT account FROM duty_at('pcs-500111004', '2026-05-01 20:00+08')"), [["u-8"]], "after the turn")
    same(value("SELECT post_lead('pcs-500111004')"), "sfj-dz", "the lead of the roster")
    for table, column in (("duty_turn", "contact"), ("record", "body")):
        same(number(f"SELECT count(*) FROM {table} WHERE position('{PHONE}'::bytea IN {column}) > 0"), 0,
             f"telephones in plain {table}.{column}")
    feed.send("post_roster", "d-1", 6, None)
    same([number("SELECT count(*) FROM duty_turn"), value("SELECT post_lead('pcs-500111004')")], [0, "gaj-dz"],
         "withdrawn")


def coverage():
    return sql("SELECT type, promised, live, gap, hash_fits FROM feed_coverage() ORDER BY type")


def totals(feed):
    for n in (1, 2):
        feed.send("child", f"c-{n}", 5, child(f"罗小{SURNAMES[n]}", "2015-06-01", 2 * n, STREET + f"{n}号1单元101室"))
    hashed = hashlib.sha256(b"c-1\nc-2\n").hexdigest()
    feed.send("feed_control", "t", 5, {"totals": [{"type": "child", "count": 2, "hash": hashed}], "silence_minutes": 60})
    same(coverage(), [["1", "2", "2", "0", "t"]], "all there")
    feed.send("feed_control", "t", 6, {"totals": [{"type": "child", "count": 3, "hash": hashed},
                                                  {"type": "enrolment", "count": 1}], "silence_minutes": 60})
    same(coverage(), [["1", "3", "2", "1", "t"], ["2", "1", "0", "1", ""]], "one of each is missing")
    same(sql("SELECT periods, feeds_risk FROM feed_silence(clock_timestamp())"), [["0", "f"]], "heard just now")
    same(number("SELECT periods FROM feed_silence(clock_timestamp() + interval '121 minutes')"), 2, "two periods later")


def status():
    done = subprocess.run(["runuser", "-u", "hulei-engine", "--", BIN, "status", "--json", "--config", CONFIG],
                          capture_output=True, text=True, check=False, cwd="/")
    feeds = {row.get("type"): row for row in json.loads(done.stdout)["feeds"]}
    return done.returncode, feeds


def shown(feed):
    code, feeds = status()
    same([code, feeds["child"]["promised"], feeds["child"]["gap"], feeds["enrolment"]["gap"]], [1, 3, 1, 1],
         "hulei status shows the gaps and is not well")
    feed.send("feed_control", "t", 7, {"totals": [{"type": "child", "count": 2}], "silence_minutes": 60})
    sql("INSERT INTO setting VALUES ('clock_shift', '61 minutes') ON CONFLICT (name) DO UPDATE SET value = excluded.value")
    code, feeds = status()
    same([code, feeds["child"]["gap"], feeds["child"]["silent_periods"]], [1, 0, 1], "silent for longer than promised")
    wait_until(lambda: value("SELECT detail->>'feeds_silent' FROM role_status WHERE role = 'engine'") == "1", 20, "the gauge")
    sql("DELETE FROM setting WHERE name = 'clock_shift'")


def proof():
    reset()
    start_engine()
    courier = Role("courier")
    courier.await_log("feeds_assigned")  # it brings the posts
    feed = Feed()
    calendar(feed)
    grids(feed)
    roster(feed)
    totals(feed)
    shown(feed)
    same(outcomes(), {"accepted": feed.count - 1, "superseded": 1}, "outcomes")
    return f"{feed.count} messages"


if __name__ == "__main__":
    main(proof)
