#!/usr/bin/env python3
"""A broker that sends broken frames, batches, archives and records: the engine neither falls, nor grows, nor stores what
nobody sent. A log that contradicts itself is halted with an alarm; the feed it is honest about is read to its end."""
import os

from hostile_broker import HostileBroker
from stack import *  # noqa: F403

LIARS = [ADDRESSES, CHILDREN, PERSONS, SCHOOLS]
COUNT, SEED = 400, int(os.environ.get("HULEI_SEED", "5"))
LIES, SECONDS = int(os.environ.get("HULEI_LIES", "20")), int(os.environ.get("HULEI_SECONDS", "15"))
MEMORY_MB = 800


def parts_of(message):
    return (base64.b64decode(message["key_base64"]), base64.b64decode(message["value_base64"]),
            [(header["name"].encode(), base64.b64decode(header["value_base64"])) for header in message["headers"]])


def true_records():
    home = STREET + "{}号1单元101室"
    children = [parts_of(raw(CHILDREN, "child", f"hb-{n}", NOW, child("罗小蕾", "2015-06-01", 2 * n, home.format(n + 20)), f"hb-{n}"))
                for n in range(COUNT)]
    risks = [parts_of(raw(CORRECTIONS, "risk", f"hr-{n}", NOW, risk("尹某甲", "1980-03-04", 2 * n + 1, home.format(n + 500)), f"hr-{n}"))
             for n in range(COUNT // 10)]
    return {topic: children for topic in LIARS} | {CORRECTIONS: risks}


def memory_mb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(re.search(r"VmHWM:\s+(\d+)", file.read()).group(1)) >> 10


def proof():
    reset()
    with open(os.path.join(RUN, "feeds.yaml"), encoding="utf-8") as file:
        topics = re.findall(r"topic: *(hulei\.feed\.[a-z0-9.-]+)", file.read())
    broker = HostileBroker(topics, true_records(), LIARS, SEED)
    sql("DELETE FROM ingest_offset")
    try:
        engine = start_engine(config_with(brokers=f'"127.0.0.1:{broker.port}"', protocol="plaintext"))
        until = time.monotonic() + SECONDS
        while time.monotonic() < until and sum(broker.lies.told.values()) < LIES and engine.is_running():
            time.sleep(0.5)
        check(engine.is_running(), "the engine lived through it")
        broker.lying = set()
        wait_until(lambda: number("SELECT count(*) FROM record WHERE subject LIKE 'hr-%'") == COUNT // 10, 45, "the honest feed")
        check(engine.is_running(), "the engine lives")
        same(number("SELECT count(*) FROM record WHERE subject !~ '^h[br]-[0-9]+$'"), 0, "records that nobody sent")
        stored, halted = number("SELECT count(*) FROM record"), engine.log().count("event=feed_halted")
        peak = memory_mb(engine.pid)
        check(peak < MEMORY_MB, f"memory: {peak} MB")
        same(sql("SELECT * FROM audit_verify()"), [], "faults of the audit chain")
    finally:
        stop_all()
        broker.close()
        sql("DELETE FROM ingest_offset")
    told = {kind: count for kind, count in broker.lies.told.items() if count > 0}
    check(sum(told.values()) >= 5 and len(told) >= 4, f"lies told: {told}")
    return f"{sum(told.values())} lies of {len(told)} kinds, {stored} records taken, {halted} feeds halted, {peak} MB at most"


if __name__ == "__main__":
    main(proof)
