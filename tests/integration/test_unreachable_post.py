#!/usr/bin/env python3
"""An alert to nowhere is an alarm, not a loss: a post whose topic may not be written and one whose topic does not exist
are found at the courier's start, before there is any alert; the other posts get theirs, and the dumb post gets its own
as soon as it may be written again."""
import json
import subprocess

import kafka_admin
from stack import *  # noqa: F403

DUMB, GONE, WELL = "pcs-500111004", "pcs-500111001", "sfs-500111004"
DUMB_TOPIC, GONE_TOPIC = f"hulei.alert.{DUMB}", f"hulei.alert.{GONE}"
PERSON = 700_000_000


def courier_detail():
    text = value("SELECT detail FROM role_status WHERE role = 'courier' AND updated_at > clock_timestamp() - interval '20 s'")
    return json.loads(text) if text else {}


def failing():
    return {topic["topic"]: topic["error"] for topic in courier_detail().get("topics_failing", [])}


def put_alert():
    """A pair in the post's area, accepted as the console does it."""
    sql(f"""INSERT INTO person SELECT g, 'strong', NULL, now(), now() FROM generate_series({PERSON}, {PERSON + 1}) g;
            SELECT pair_put({PERSON}, {PERSON + 1}, 1::smallint, 'R1', '{{SAME_DWELLING}}',
                            '{{"areas": ["500111004201"]}}', decode(md5('dumb'), 'hex'), 'test', now());
            UPDATE setting SET value = '0' WHERE name = 'undo_window_s';
            SELECT pair_event(p.pair_id, p.version, 'accept', 'rev1', jsonb_build_object('task_id', t.task_id,
                     'account_id', (SELECT account_id FROM account WHERE os_user = 'hulei-rev1'), 'reason_code', 'TEST'))
            FROM review_task t JOIN pair p USING (pair_id) WHERE t.state = 'open';""")


def delivered(post):
    return number(f"SELECT count(*) FROM delivery WHERE post_id = '{post}' AND sent_at IS NOT NULL") == 1


def proof():
    reset()
    ends = log_ends({DUMB_TOPIC, f"hulei.alert.{WELL}"})
    kafka_admin.deny_writing("courier", DUMB_TOPIC)
    kafka_admin.delete_topic(GONE_TOPIC)
    try:
        courier = Role("courier")
        wait_until(lambda: failing().get(DUMB_TOPIC) == "TOPIC_AUTHORIZATION_FAILED", 30, "the missing right is in the status")
        wait_until(lambda: courier_detail().get("posts_unreachable", 0) >= 1, 30, "so is the missing topic")
        check(courier_detail()["alarm"], "the courier raises an alarm")
        check("topic_failing" in courier.log() and "alert_topic_unusable" in courier.log(), "both are in the log")
        done = subprocess.run([BIN, "status", "--config", CONFIG], capture_output=True, text=True, check=False)
        same(done.returncode, 1, "exit status of hulei status")

        put_alert()
        wait_until(lambda: delivered(WELL), 20, "the other post gets its alert")
        same(number("SELECT count(*) FROM outbox WHERE kind = 'alert' AND state = 'queued'"), 1, "alerts that wait")
        kafka_admin.allow_writing_again("courier", DUMB_TOPIC)
        wait_until(lambda: delivered(DUMB), 45, "the dumb post gets its alert once it may be written")
        same([len(alerts_of(post, ends)) for post in (DUMB, WELL)], [1, 1], "alerts on the topics")
        wait_until(lambda: DUMB_TOPIC not in failing(), 15, "the alarm ends")
    finally:
        stop_all()
        kafka_admin.allow_writing_again("courier", DUMB_TOPIC)
        subprocess.run([BIN, "topics", "apply", "--config", CONFIG], check=True, capture_output=True)
    return "a post without right and a post without topic found at start; its alert waited for the right"


if __name__ == "__main__":
    main(proof)
