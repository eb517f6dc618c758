#!/usr/bin/env python3
"""The main job on real parts: feeds to pair, a named human's decision, the post's alert, its acknowledgement.
Then the two other ways a task can go: rejected, and taken back in time."""
import csv
import json
import os
import tempfile

from stack import *  # noqa: F403

POST = "pcs-500111004"
ADDRESS = "重庆市大足区双路街道双南路社区双南路12号2单元301室"
OTHER = "重庆市大足区双路街道双南路社区双南路88号1单元102室"


def push_table(topic, kind, rows):
    """CSV with the departments' own headings, through `hulei feed push --map`."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv", dir=work_folder(), newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        file.flush()
        done = push("--topic", topic, "--type", kind, "--map", os.path.join(REPO, f"config/feeds/{kind}.yaml"),
                    file.name)
    same(done.stdout.strip(), f"pushed {len(rows)}, rejected 0, failed 0", f"push of {kind}: {done.stderr}")


def push_people(serial, address, place):
    """Three records on three topics; returns when the engine has taken all of them, for a pair may change until then."""
    before = counted()
    girl = citizen_number("500111", "2015-06-01", serial * 2)
    man = citizen_number("500111", "1980-03-04", serial * 2 + 1)
    push_table(ADDRESSES, "place", [{"地址编码": place, "更新时间": NOW, "标准地址": address, "经度": f"{105.7 + 0.02 * serial:.4f}",
                                     "纬度": "29.4901", "坐标系": "CGCS2000"}])  # 2 km apart
    push_table(CHILDREN, "child", [{"编号": f"c-{serial}", "更新时间": NOW, "姓名": "罗小蕾", "身份证号": girl,
                                    "性别": "女", "出生日期": "2015-06-01", "现住址": address, "住址核实日期": TODAY,
                                    "儿童类别": "留守儿童", "状态": "在册"}])
    push_table(CORRECTIONS, "risk", [{"编号": f"r-{serial}", "更新时间": NOW, "姓名": "尹某甲", "身份证号": man,
                                      "性别": "男", "出生日期": "1980-03-04", "现住址": address,
                                      "住址核实日期": TODAY, "人员类别": "性侵未成年人", "犯罪日期": "2015-01-02",
                                      "判决日期": "2015-06-02", "处理结果": "判决有罪", "刑期（月）": "72",
                                      "被害人是否未成年": "是"}])
    await_counted(before + 3)
    await_rest()


def await_task():
    return wait_until(lambda: value("SELECT public_id FROM review_task WHERE state = 'open' AND kind = 'pair'"), 20,
                      "a review task")


def delivery_state(post=POST):
    return value(f"SELECT state FROM delivery JOIN alert USING (alert_id) WHERE post_id = '{post}' AND msg = 'alert'"
                 " ORDER BY queued_at DESC LIMIT 1")


def accept_and_acknowledge(ends):
    task = await_task()
    same(sql("SELECT tier, rule, state FROM pair"), [["1", "R1", "in_review"]], "the pair")
    listed = review("hulei-rev1", "list")
    check(task in [row["task"] for row in listed["tasks"]], "the task in `hulei review list`")
    sheet = review("hulei-rev1", "show", task)
    check(sheet["ok"] and "罗小蕾" in json.dumps(sheet, ensure_ascii=False), "the sheet shows the child")
    check(number("SELECT count(*) FROM audit_entry WHERE action = 'review_look'") == 1, "the look is in the audit")
    check(number("SELECT count(*) FROM alert") == 0, "no alert before the decision")

    answer = review("hulei-rev1", "accept", task)
    check(answer["ok"] and answer["state"] == "accepted", f"accept: {answer}")
    wait_until(lambda: delivery_state() == "sent", 20, "the alert sent to the post")

    alerts = alerts_of(POST, ends)
    same(len(alerts), 1, "alerts on the post's topic")
    event = json.loads(alerts[0]["payload"])
    data = event["data"]
    same((data["tier"], data["colour"], data["view"], data["post"], data["rule"]["id"]),
         (1, "red", "police", POST, "R1"), "the alert")
    for secret in ("罗小蕾", "尹某甲", "双南路", "500111"):
        check(secret not in json.dumps({k: v for k, v in data.items() if k not in ("post", "esc")},
                                       ensure_ascii=False), "nothing personal in the alert")
    alert = event["subject"]
    produce("post-" + POST, f"hulei.ack.{POST}", alert,
            json.dumps({"alert": alert, "post": POST, "who": "duty-1", "at": NOW, "state": "acked"}).encode())
    wait_until(lambda: delivery_state() == "acked", 20, "the acknowledgement")
    same(value("SELECT verdict FROM ack"), "accepted", "verdict on the acknowledgement")
    return alert


def refuse_strangers():
    """A department reads no alert; root and an unknown OS user decide nothing."""
    done = kcat("civil-affairs-children", "-C", "-t", f"hulei.alert.{POST}", "-e", "-q", "-o", "beginning")
    check(not done.stdout, "a department reads an alert topic")
    task = await_task()
    check(not review("root", "accept", task)["ok"], "root decides")
    check(not review("hulei-courier", "accept", task)["ok"], "a service user decides")


def proof():
    reset()
    ends = log_ends({f"hulei.alert.{POST}"})
    start_engine()
    Role("courier").await_log("feeds_assigned")
    Role("console").await_log("console_ready")
    push_people(1, ADDRESS, "p-1")
    alert = accept_and_acknowledge(ends)

    # A second pair: looked at by strangers, rejected, taken back, rejected again; the same evidence asks no more.
    push_people(2, OTHER, "p-2")
    refuse_strangers()
    task = await_task()
    same(review("hulei-rev2", "reject", task, "--reason", "REJECT_NO_BASIS")["state"], "rejected", "reject")
    same(number("SELECT count(*) FROM pair_rejection"), 1, "the rejection is remembered")
    same(review("hulei-rev2", "undo", task)["state"], "in_review", "undo of a rejection")
    task = await_task()
    same(review("hulei-rev2", "reject", task, "--reason", "REJECT_NO_BASIS")["state"], "rejected", "reject again")
    before = counted()
    push_people(2, OTHER, "p-2")
    await_counted(before + 3)
    same(number("SELECT count(*) FROM review_task WHERE state = 'open' AND kind = 'pair'"), 0,
         "tasks about rejected evidence")

    # A third one: accepted, and taken back before the alert left.
    sql("UPDATE setting SET value = '30' WHERE name = 'undo_window_s'")
    push_people(3, ADDRESS.replace("12号", "14号"), "p-3")
    task = await_task()
    check(review("hulei-rev1", "accept", task)["ok"], "accept the third")
    same(review("hulei-rev1", "undo", task)["state"], "in_review", "undo of an acceptance")
    same(number("SELECT count(*) FROM outbox WHERE kind = 'alert' AND state = 'queued'"), 0, "alerts after the undo")
    same(len(alerts_of(POST, ends)), 1, "alerts on the topic at the end")
    same(sql("SELECT * FROM audit_verify()"), [], "faults of the audit chain")
    return f"alert {alert[:9]}… acknowledged, {counted()} records"


if __name__ == "__main__":
    main(proof)
