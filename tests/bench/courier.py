#!/usr/bin/env python3
"""Messages per second from the outbox to `sent`, beside a plain producer of the same payloads in the same run.

Rows are put in while a courier runs and idles, as the engine and pair_event() put them; the clock stops when the last
one is marked sent, which only a delivery report does. The plain producer is kcat under the courier's own principal
(TLS, SCRAM, acks of all), with no database. Prints sizes, medians and ratios; judges nothing.

    courier.py [--rows 20000] [--alerts 2000] [--runs 3]      against the stack of HULEI_RUN
"""
import argparse
import json
import os
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
import stack  # noqa: E402

RECEIPTS_PER_ROW = (1, 20, 100)
POLICE_TOPIC = "hulei.alert.pcs-500111004"
BASE_PERSON = 800_000_000  # ids no engine hands out here


def receipt(source, first, count):
    return json.dumps({"source": source, "receipts": [
        {"id": f"event-{n:010d}", "outcome": "accepted"} for n in range(first, first + count)]}, separators=(",", ":"))


def receipts(rows, per_row):
    """(topic, key, payload) as the engine writes them: the key is the source."""
    feeds = list(stack.SOURCE)
    return [(stack.RECEIPTS[feeds[n % len(feeds)]], stack.SOURCE[feeds[n % len(feeds)]],
             receipt(stack.SOURCE[feeds[n % len(feeds)]], n * per_row, per_row)) for n in range(rows)]


def copy_text(rows):
    return "".join("\t".join(row) + "\n" for row in rows)


def queued():
    return stack.number("SELECT count(*) FROM outbox WHERE state = 'queued'")


def until_sent(seconds):
    while queued() > 0:
        if seconds <= 0:
            raise stack.Failure("the courier does not finish")
        time.sleep(0.05)
        seconds -= 0.05


def relay_receipts(rows):
    """Seconds from the rows' COMMIT until all are sent."""
    with tempfile.NamedTemporaryFile("w", dir=stack.work_folder()) as file:
        file.write(copy_text(rows))
        file.flush()
        stack.sql(f"""CREATE TEMP TABLE n (topic text, key text, payload text);
                      \\copy n FROM '{file.name}'
                      INSERT INTO outbox (kind, topic, key, payload, not_before)
                      SELECT 'receipt', topic, key, convert_to(payload, 'UTF8'), now() FROM n;""")
    started = time.monotonic()
    stack.sql("SELECT pg_notify('hulei_outbox', '')")
    until_sent(600)
    took = time.monotonic() - started
    stack.sql("DELETE FROM outbox WHERE kind = 'receipt'; VACUUM outbox")
    return took


def produce_plainly(rows):
    """Seconds of kcat for the same messages: one process per topic, one after the other."""
    took = 0.0
    for topic in dict.fromkeys(row[0] for row in rows):
        with tempfile.NamedTemporaryFile("w", dir=stack.work_folder()) as file:
            file.write("".join(f"{key}\t{payload}\n" for name, key, payload in rows if name == topic))
            file.flush()
            started = time.monotonic()
            done = stack.kcat("courier", "-P", "-t", topic, "-K", "\t", "-X", "acks=all", "-l", file.name)
            took += time.monotonic() - started
            stack.check(done.returncode == 0, "kcat -P " + done.stderr.decode()[:200])
    return took


def put_alerts(count, first):
    """Accepted pairs, each with an alert for two posts; answers the number of outbox rows."""
    evidence = json.dumps({"areas": ["500111004201"], "views": ["police", "judicial"], "child_age_years": 11,
                           "vulnerable": True, "class": "A", "relation": "near", "band_m": 200, "precision": "number",
                           "category": "sexoff_minor", "held": False})
    low = BASE_PERSON + 2 * first
    stack.sql(f"""
INSERT INTO person (person_id, grade, created_at, updated_at) SELECT g, 'strong', now(), now() FROM generate_series({low}, {low + 2 * count - 1}) g;
SELECT count(pair_put({low} + 2 * g, {low} + 2 * g + 1, 2::smallint, 'O1', ARRAY['NEAR_200M'], '{evidence}'::jsonb,
                      decode(md5('b' || g + {first}), 'hex'), 'bench', now())) FROM generate_series(0, {count - 1}) g;
UPDATE setting SET value = '0' WHERE name = 'undo_window_s';
SELECT count(pair_event(p.pair_id, p.version, 'accept', 'rev1', jsonb_build_object('task_id', t.task_id,
             'account_id', (SELECT account_id FROM account WHERE os_user = 'hulei-rev1'), 'reason_code', 'BENCH')))
FROM review_task t JOIN pair p USING (pair_id) WHERE t.state = 'open';""")


def relay_alerts(count, first):
    """Rows and seconds; the acceptances are committed while the courier stands, so that only its speed is measured."""
    put_alerts(count, first)
    rows = queued()
    courier = start_courier()
    started = time.monotonic()
    until_sent(600)
    took = time.monotonic() - started
    courier.stop()
    return rows, took


def start_courier():
    courier = stack.Role("courier")
    courier.await_log("feeds_assigned")
    return courier


def print_line(what, rows, payload_bytes, took, plain=None):
    median = statistics.median(took)
    text = f"{what:9} {rows:>7} rows of {payload_bytes:>6} bytes  {median:7.2f} s  {rows / median:8.0f} rows/s"
    if plain:
        least = statistics.median(plain)
        text += f"   plain producer {rows / least:8.0f} rows/s, {median / least:4.1f} times as fast"
    print(text, flush=True)


def run(options):
    stack.reset()
    courier = start_courier()
    print(f"cores {os.cpu_count()}, medians of {options.runs} runs")
    for per_row in RECEIPTS_PER_ROW:
        rows = receipts(options.rows, per_row)
        took, plain = [], []
        for _ in range(options.runs):
            took.append(relay_receipts(rows))
            plain.append(produce_plainly(rows))
        print_line("receipts", len(rows), sum(len(row[2]) for row in rows) // len(rows), took, plain)
    courier.stop()
    if options.alerts:
        posts = stack.Role("courier")  # brings the posts into the table
        posts.await_log("feeds_assigned")
        posts.stop()
        ends = stack.log_ends({POLICE_TOPIC})
        told = [relay_alerts(options.alerts, n * options.alerts) for n in range(options.runs)]
        sizes = [len(message["payload"]) for message in stack.alerts_of("pcs-500111004", ends)]
        print_line("alerts", told[0][0], sum(sizes) // len(sizes), [took for _, took in told])
    stack.same(stack.sql("SELECT * FROM audit_verify()"), [], "faults of the audit chain")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--alerts", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=3)
    try:
        run(parser.parse_args())
    except stack.Failure as failure:
        sys.exit(f"courier: {failure}")
    finally:
        stack.stop_all()
