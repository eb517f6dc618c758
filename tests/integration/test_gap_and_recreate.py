#!/usr/bin/env python3
"""A log that is not the log the engine knew: records lost to retention, a topic deleted and made anew (with a shorter
and a longer log), partitions added. Nothing is skipped in silence, and the other feeds go on."""
import subprocess

import kafka_admin
from stack import *  # noqa: F403

PARTITIONS = 3


def places(first, count, minute=0):
    return [raw(ADDRESSES, "place", f"g-{n}", f"2026-04-01T08:{minute:02d}:00+08:00",
                {"place_id": f"g-{n}", "address": f"{STREET}{n}号"}, f"g-{n}-{minute}")
            for n in range(first, first + count)]


def ends_of(topic):
    return {part: offset for (name, part), offset in log_ends({topic}).items() if name == topic}


def make_anew():
    kafka_admin.delete_topic(ADDRESSES)
    wait_until(lambda: not ends_of(ADDRESSES), 20, "the topic is gone")
    kafka_admin.create_topic(ADDRESSES, PARTITIONS)
    wait_until(lambda: len(ends_of(ADDRESSES)) == PARTITIONS, 20, "the topic is there again")


def halted(engine, reason):
    lines = [line for line in engine.log().splitlines() if "feed_halted" in line]
    return lines and all(ADDRESSES in line and reason in line for line in lines)


def others_flow(event):
    before = counted()
    push_raw([raw(CHILDREN, "child", event, "2026-04-01T08:00:00+08:00",
                  child("罗小蕾", "2015-06-01", 8, STREET + "7号"), event)])
    wait_until(lambda: counted() > before, 20, "another feed goes on")


def retention():
    engine = start_engine()
    push_raw(places(1, 30))
    await_counted(30)
    engine.stop()
    stored = ends_of(ADDRESSES)
    push_raw(places(31, 60))
    cut = {part: offset + 5 for part, offset in stored.items()}  # 5 of each partition were never read
    kafka_admin.delete_records(ADDRESSES, cut)
    start_engine()
    await_counted(30 + 60 - 5 * len(stored))
    gaps = {int(part): (int(low), int(high)) for part, low, high in
            sql(f"SELECT part, from_offset, to_offset FROM ingest_gap WHERE topic = '{ADDRESSES}'")}
    same(gaps, {part: (offset, cut[part]) for part, offset in stored.items()}, "gaps on record")
    check("feed_gap" in Role.started[-1].log(), "the gap is in the log")
    others_flow("gap")
    Role.started[-1].stop()


def recreated(count, reason):
    """The new log has `count` records; the stored positions and anchors belong to the old one."""
    before = counted()
    make_anew()
    if count:
        push_raw(places(500, count, 10))
    engine = start_engine()
    wait_until(lambda: halted(engine, reason), 10, f"partitions halted: {reason}")
    others_flow("re-" + reason[:6])
    same(counted(), before + 1, "messages taken from the strange log")
    engine.stop()


def more_partitions():
    reset()
    engine = start_engine()
    push_raw(places(1, 10))
    await_counted(10)
    kafka_admin.set_partitions(ADDRESSES, PARTITIONS + 1)
    wait_until(lambda: len(ends_of(ADDRESSES)) == PARTITIONS + 1, 20, "the partition is there")
    # Produced before the engine looks for new partitions: it must be read from its beginning.
    line = places(900, 1)[0]
    headers = [part for h in line["headers"]
               for part in ("-H", h["name"] + "=" + base64.b64decode(h["value_base64"]).decode())]
    done = kcat("police-addresses", "-P", "-t", ADDRESSES, "-p", str(PARTITIONS), "-k", "place:g-900", *headers,
                input=base64.b64decode(line["value_base64"]))
    check(done.returncode == 0, "kcat -P to the new partition")
    await_counted(11, 45)
    check(engine.is_running(), "the engine runs on")


def proof():
    reset()
    try:
        make_anew()  # from offset 0, as later parts count on
        reset()
        retention()
        recreated(0, "stored_offset_beyond_log_end")
        recreated(300, "anchor_differs_topic_recreated")
        more_partitions()
    finally:
        stop_all()
        kafka_admin.delete_topic(ADDRESSES)
        wait_until(lambda: not ends_of(ADDRESSES), 20, "the topic is gone")
        subprocess.run([BIN, "topics", "apply", "--config", CONFIG], check=True, capture_output=True)
    return "gap recorded, two recreated logs halted, a new partition read from its beginning"


if __name__ == "__main__":
    main(proof)
