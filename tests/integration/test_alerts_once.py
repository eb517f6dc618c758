#!/usr/bin/env python3
"""No duplicate and no missing alert: the engine is killed while records flow, reviewers accept, and the courier is
killed while it sends. A message that had to be sent again carries the same id, so a post drops it."""
import collections
import json

from delivery_faults import hold_reports
from exactly_once import Killer, push_slowly, small_batches
from stack import *  # noqa: F403

POSTS = ("pcs-500111004", "sfs-500111004")
ACCEPTED = 200
COURIER_KILLS = 2


def accept(count):
    """What the console does for a reviewer, for many tasks: pair_event() with the task's pair and version."""
    sql(f"""SELECT pair_event(p.pair_id, p.version, 'accept', 'rev1', jsonb_build_object('task_id', t.task_id,
                   'account_id', (SELECT account_id FROM account WHERE os_user = 'hulei-rev1'), 'reason_code', 'ACCEPT_CONFIRMED'))
            FROM (SELECT * FROM review_task WHERE state = 'open' AND kind = 'pair' ORDER BY task_id LIMIT {count}) t
            JOIN pair p USING (pair_id)""")


def waiting():
    return number("SELECT count(*) FROM outbox WHERE kind = 'alert' AND state = 'queued'")


def on_log():
    return sum(log_ends({f"hulei.alert.{post}" for post in POSTS}).values())


def kill_amid_sending():
    """Kills a courier when its messages are in the broker's log (with a heartbeat for each post) and its rows still say
    queued; answers how many."""
    holder = hold_reports()
    left, end = waiting(), on_log()
    courier = Role("courier")
    wait_until(lambda: on_log() >= end + left + len(POSTS), 20, "all alerts in the log")
    courier.kill()
    holder.communicate("ROLLBACK;\n")
    return left


def on_topics(ends):
    """{event id: payloads} of all the posts' topics."""
    found = collections.defaultdict(list)
    for post in POSTS:
        for message in alerts_of(post, ends):
            found[json.loads(message["payload"])["id"]].append(message["payload"])
    return found


def proof():
    reset()
    ends = log_ends({f"hulei.alert.{post}" for post in POSTS})
    config = small_batches()
    Role("courier").await_log("feeds_assigned")  # it brings the posts
    messages = sub_district(1000, 31)
    killer = Killer(config, 3, 5, 1.0)
    push_slowly(messages, 3, killer)
    killer.finish()
    await_counted(len(messages), 60)
    await_rest()

    Role.started[0].kill()
    sql("UPDATE setting SET value = '0' WHERE name = 'undo_window_s'")
    amid = 0
    for _ in range(COURIER_KILLS):
        accept(ACCEPTED // COURIER_KILLS)
        amid += kill_amid_sending()
    accept(ACCEPTED % COURIER_KILLS)
    Role("courier")
    wait_until(lambda: waiting() == 0, 40, "all alerts sent")

    accepted = number("SELECT count(*) FROM pair WHERE state = 'accepted'")
    same(accepted, ACCEPTED, "accepted pairs")
    same(number("SELECT count(*) FROM alert"), accepted, "alerts, one per accepted pair")
    same(number("SELECT count(*) FROM alert WHERE decision_id IS NULL"), 0, "alerts without a decision")
    due = {f"{alert}/{post}" for alert, post in sql("SELECT alert_id, post_id FROM delivery")}
    same(len(due), accepted * len(POSTS), "deliveries, one per alert and post")
    same(number("SELECT count(*) FROM delivery WHERE state <> 'sent'"), 0, "deliveries not sent")
    told = on_topics(ends)
    same(set(told), due, "alerts on the posts' topics")
    again = sum(len(payloads) - 1 for payloads in told.values())
    same([event for event, payloads in told.items() if len({json.loads(p)["subject"] for p in payloads}) > 1], [],
         "ids that stand for two alerts")
    same(again, amid, "messages sent again, each by every courier after the killed one")
    same(sql("SELECT * FROM audit_verify()"), [], "faults of the audit chain")
    return (f"{accepted} alerts to {len(POSTS)} posts, {COURIER_KILLS} kills of the courier with messages on their way, "
            f"{again} sent again by same id")


if __name__ == "__main__":
    main(proof)
