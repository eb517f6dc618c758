"""Alarms while ordinary records flow: how long from the append of an alarm to the append of the police message."""
import base64
import json
import random
import subprocess
import threading
import time

from emergency import histogram, latencies, percentile, sos, told
from stack import (BIN, CHILDREN, CONFIG, NOW, STREET, Role, all_log_ends, await_counted, check, child, log_ends, number, push_raw, raw, reset, same, sql,
                   sub_district, value, wait_until)

STATION = "pcs-500111004"
SLICE_S = 0.05


class Stream:
    """`hulei feed push` reading from a pipe: one principal, many topics' worth of lines at the pace they are written."""

    def __init__(self, topic):
        self.process = subprocess.Popen([BIN, "feed", "push", "--config", CONFIG, "--quiet", "--raw", "--unchecked", "--topic",
                                         topic, "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)

    def write(self, messages):
        self.process.stdin.write("".join(json.dumps(message) + "\n" for message in messages))
        self.process.stdin.flush()

    def close(self):
        self.process.stdin.close()
        same(self.process.wait(60), 0, "exit status of the push")


def flow(messages, per_second, until):
    """Writes messages, round after round, at this pace until the time; answers how many."""
    streams, sent, started = {}, 0, time.monotonic()
    while time.monotonic() < until:
        due = int((time.monotonic() - started) * per_second) - sent
        batch = [messages[(sent + n) % len(messages)] for n in range(max(due, 0))]
        sent += len(batch)
        for topic in {message["topic"] for message in batch}:
            stream = streams.setdefault(topic, None) or Stream(topic)
            streams[topic] = stream
            stream.write([message for message in batch if message["topic"] == topic])
        time.sleep(SLICE_S)
    for stream in streams.values():
        stream.close()
    return sent


def renew(messages, rounds):
    """The same records again under new event ids, so that every round is work for the engine, not a repeat."""
    made = []
    for n in range(rounds):
        for message in messages:
            headers = [dict(h, value_base64=raw_id(h, n)) if h["name"] == "ce_id" else h for h in message["headers"]]
            made.append(dict(message, headers=headers))
    return made


def raw_id(header, n):
    return base64.b64encode(base64.b64decode(header["value_base64"]) + f"-{n}".encode()).decode()


def prepare():
    reset()
    girl = child("罗小蕾", "2015-03-04", 2, STREET + "1号")
    girl["person"]["residence"][0]["area_code"] = "500111004201"
    push_raw([raw(CHILDREN, "child", "c-17", NOW, girl, "ev-child")])
    engine = Role("engine")
    await_counted(1)
    courier = Role("courier")
    wait_until(lambda: sql("SELECT 1 FROM engine_lease WHERE role = 'emergency'"), 20, "the emergency thread leads")
    push_raw([sos("warm-up", "c-17")])
    return engine, courier


def measure(seconds, per_second, alarms_per_second, records=2000):
    """Figures as text, and the list of milliseconds."""
    ends = wait_until(lambda: all_log_ends({f"hulei.alert.{STATION}"}), 30, "the topic is listed")
    engine, courier = prepare()
    messages = renew(sub_district(records, 5), max(1, int(seconds * per_second / records) + 1))
    feeds = {message["topic"] for message in messages}
    before, started = sum(log_ends(feeds).values()), time.monotonic()
    until = started + seconds
    pusher = threading.Thread(target=flow, args=(messages, per_second, until))
    pusher.start()
    dice, alarms, count = random.Random(3), Stream("hulei.emergency.civil-affairs"), 0
    while time.monotonic() < until:
        alarms.write([sos(f"load-{count}", "c-17")])
        count += 1
        time.sleep(dice.uniform(0, 2 / alarms_per_second))
    alarms.close()
    pusher.join()
    appended = (sum(log_ends(feeds).values()) - before) / (time.monotonic() - started)
    wait_until(lambda: len({event["id"] for event in first_messages(ends)}) >= count + 1, 60, "every alarm is told")
    taken = {row[0]: float(row[1]) for row in sql(
        "SELECT alert_id, extract(epoch FROM appended_at) * 1000 FROM alert JOIN emergency USING (emergency_id)"
        " WHERE subject LIKE 'load-%'")}
    times = latencies(first_messages(ends), taken)
    same(len(times), count, "alarms measured")
    processed = value("SELECT sum(n) FROM feed_counter WHERE topic LIKE 'hulei.feed.%'")
    engine.kill()
    courier.stop()
    check(appended > 0, "ordinary records flowed")
    return (f"{count} alarms while {appended:.0f} ordinary records/s were appended ({processed} taken by the engine meanwhile): "
            f"median {percentile(times, 0.5):.0f} ms, p99 {percentile(times, 0.99):.0f} ms, most {max(times):.0f} ms; "
            f"{histogram(times)}"), times


def first_messages(ends):
    """Without reminders, which have ids of their own."""
    return [event for event in told(STATION, ends) if event["id"].count("/") == 1]


def raise_alarms(name, count=10):
    push_raw([sos(f"{name}-{n}", area_code="500111004201") for n in range(count)])


def await_alarms(ends, count):
    wait_until(lambda: len({event["id"] for event in first_messages(ends)}) >= count, 60, f"{count} alarms told")
    wait_until(lambda: number("SELECT count(*) FROM outbox WHERE is_urgent AND state = 'queued'") == 0, 30, "nothing waits")
    same(len({event["id"] for event in first_messages(ends)}), count, "ids on the topic")
    same(number("SELECT count(*) FROM emergency"), count, "emergencies")
