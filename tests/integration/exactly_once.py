"""Runs the same records undisturbed and disturbed, and compares what the two runs left in the tables.
Ids that depend on how batches were cut (record, person, pair numbers) are translated into records first."""
import random
import time

from stack import *  # noqa: F403


def push_slowly(messages, seconds, disturb):
    """Sends the messages in slices over about `seconds`, and calls disturb() between them until it says stop."""
    slices = 12
    size = -(-len(messages) // slices)
    for start in range(0, len(messages), size):
        until = time.monotonic() + seconds / slices
        push_raw(messages[start:start + size])
        while disturb() and time.monotonic() < until:
            pass


def snapshot():
    """What the run left, free of numbers that another run would choose differently."""
    name = "s.urn || '|' || r.type || '|' || r.subject"
    clusters = f"""SELECT m.person_id, array_agg({name} || '|' || m.slot ORDER BY {name}, m.slot)::text AS members
                   FROM mention m JOIN record r USING (record_id) JOIN source s USING (source_id) GROUP BY 1"""
    found = {
        "records": f"SELECT {name}, r.state, r.version_time, r.event_id, encode(r.digest, 'hex'), r.body IS NULL"
                   " FROM record r JOIN source s USING (source_id)",
        "history": f"SELECT {name}, h.version_time, h.event_id, h.state FROM record_history h"
                   " JOIN record r USING (record_id) JOIN source s USING (source_id)",
        "clusters": f"SELECT c.members, p.grade FROM ({clusters}) c JOIN person p USING (person_id)",
        "pairs": f"""SELECT a.members, b.members, p.tier, p.rule, p.state FROM pair p
                     JOIN ({clusters}) a ON a.person_id = p.child_person
                     JOIN ({clusters}) b ON b.person_id = p.risk_person WHERE p.state <> 'retracted'""",
        "counters": "SELECT topic, source_id, outcome, sum(n) FROM feed_counter GROUP BY 1, 2, 3",
        "parked": "SELECT event_id, code, field, rule FROM parked",
        "places": "SELECT encode(place_id_hash, 'hex') FROM place",
        "events": "SELECT source_id, encode(event_hash, 'hex') FROM seen_event",
    }
    taken = {what: sorted(map(tuple, sql(text))) for what, text in found.items()}
    taken["receipts"] = sorted(map(str, stored_receipts()))
    # Nothing hangs in the air, and nothing is there twice.
    taken["orphan keys"] = sql("""SELECT count(*) FROM data_key k
        WHERE NOT EXISTS (SELECT FROM record r WHERE r.data_key_id = k.data_key_id)
          AND NOT EXISTS (SELECT FROM parked p WHERE p.data_key_id = k.data_key_id)""")
    taken["open tasks"] = sql("""SELECT count(*) FILTER (WHERE t.state = 'open'), count(DISTINCT pair_id)
                                        FILTER (WHERE t.state = 'open') FROM review_task t""")
    taken["audit faults"] = sql("SELECT * FROM audit_verify()")
    return taken


def compare(calm, rough):
    for what, wanted in calm.items():
        same(rough[what], wanted, what)


def run_calm(messages, config):
    reset()
    start_engine(config)
    push_raw(messages)
    await_counted(len(messages), patience(messages))
    await_rest(patience(messages))
    taken = snapshot()
    check(len(taken["pairs"]) > 0 and len(taken["clusters"]) > 0, "the data makes clusters and pairs")
    check(taken["audit faults"] == [], "the audit chain")
    same(len(taken["receipts"]), len(messages), "receipts")
    return taken


class Killer:
    """Kills the engine by SIGKILL at random moments and starts it again."""

    def __init__(self, config, count, seed, longest_s):
        self.config, self.left, self.dice, self.longest_s = config, count, random.Random(seed), longest_s
        self.engine = start_engine(config)
        self.done = 0

    def __call__(self):
        if self.left == 0:
            return False
        time.sleep(self.dice.uniform(0.05, self.longest_s))
        self.engine.kill()
        self.left -= 1
        self.done += 1
        self.engine = Role("engine", self.config)  # killed again perhaps before it leads
        return True

    def finish(self):
        while self():
            pass


def small_batches(messages=25):
    """Many small transactions, so that a kill hits a batch and not a pause."""
    return config_with(batch_max_messages=messages, batch_max_wait_ms=20)


def patience(messages):
    return 60 + len(messages) / 50


def prove_engine_kills(count, kills, seconds, longest_s, batch=25):
    config = small_batches(batch)
    messages = sub_district(count, 7)
    calm = run_calm(messages, config)
    reset()
    killer = Killer(config, kills, 11, longest_s)
    push_slowly(messages, seconds, killer)
    killer.finish()
    await_counted(len(messages), patience(messages))
    await_rest(patience(messages))
    compare(calm, snapshot())
    return (f"{len(messages)} messages, {kills} kills: {len(calm['records'])} records, {len(calm['clusters'])} persons, "
            f"{len(calm['pairs'])} pairs, {outcomes()}")


def prove_with(disturbance, count, seconds, times):
    """The same while `disturbance()` hits something else than the engine, `times` times."""
    config = small_batches()
    messages = sub_district(count, 7)
    calm = run_calm(messages, config)
    reset()
    engine = start_engine(config)
    left = [times]

    def disturb():
        if left[0] == 0:
            return False
        left[0] -= 1
        time.sleep(0.2)
        disturbance()
        return True

    push_slowly(messages, seconds, disturb)
    await_counted(len(messages), patience(messages))
    await_rest(patience(messages))
    check(engine.is_running(), "the engine lived through it")
    compare(calm, snapshot())
    return f"{len(messages)} messages, {times} times: {len(calm['records'])} records, {len(calm['pairs'])} pairs"
