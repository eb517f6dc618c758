#!/usr/bin/env python3
"""The review desk over HTTP: pages of the queue, two reviewers on one task, stale versions, undo, red's second person,
one decision on many, and live events."""

from console_http import HOST, UnixConnection, open_session
from console_world import FAR, add_pairs, pair_state, reset_world
from stack import Role, check, main, same, sql


def pages(browser, query, limit):
    found, after = [], ""
    while True:
        page = browser.good("GET", f"/api/tasks?{query}&limit={limit}{after}")
        found += [row["task"] for row in page["items"]]
        if page["next"] is None:
            return found
        after = "&after=" + page["next"]


def decide(browser, task, version, verdict="accept", reason="ACCEPT_CONFIRMED"):
    return browser.post(f"/api/tasks/{task}/decision", {"verdict": verdict, "reason": reason, "version": version})


def hear(browser, act):
    """The events that a stream tells while `act` is done, until the first that is no ping."""
    connection = UnixConnection()
    connection.request("GET", "/api/events", headers={"Host": HOST, "Cookie": f"__Host-hulei={browser.cookie}"})
    response = connection.getresponse()
    same((response.status, response.headers["Content-Type"]), (200, "text/event-stream"), "the stream")
    act()
    heard = []
    while not heard or heard[-1] == "ping":
        line = response.fp.readline().decode()
        if line.startswith("event: "):
            heard.append(line[7:].strip())
    connection.close()
    return heard[-1]


def proof():
    console = Role("console")
    console.await_log("event=console_ready", 60)
    reset_world()
    near = add_pairs(25)
    far = add_pairs(3, FAR, first=100)
    red = add_pairs(1, tier=1, first=200)[0]
    one, two = open_session("desk-one", "reviewer"), open_session("desk-two", "reviewer", "--area", "500111004")

    everything = pages(one, "state=open", 200)
    same((len(everything), everything[0]), (29, red), "all open tasks, red first")
    same(pages(one, "state=open", 7), everything, "the same by pages of seven")
    same(set(pages(two, "state=open", 10)), set(near + [red]), "a reviewer of one area")
    same(two.get(f"/api/tasks/{far[0]}/history").code, "not_found", "another area's task is not there")
    counts = one.good("GET", "/api/tasks/counts")["items"]
    same({(row["tier"], row["open"]) for row in counts}, {(1, 1), (2, 28)}, "counts")

    task = near[0]
    same(one.get(f"/api/tasks/{task}").code, "not_claimed", "no sheet before a claim")
    same(one.good("POST", f"/api/tasks/{task}/claim")["mine"], True, "claimed")
    sheet = one.good("GET", f"/api/tasks/{task}")
    same((sheet["task"], sheet["version"], sheet["rule"]), (task, 1, "O1"), "the sheet")
    same(sql("SELECT count(*) FROM audit_entry WHERE action = 'review_look' AND actor = 'desk-one'")[0][0] != "0", True,
         "the look is on record")
    same(two.good("POST", f"/api/tasks/{task}/claim")["claimed_by"], "desk-two", "a colleague takes it over")
    same(one.get(f"/api/tasks/{task}").code, "not_claimed", "it is not the first one's any more")

    same(decide(one, task, 1, "accept", "REJECT_NOT_NEAR").json["field"], "reason", "a reason of another verdict")
    accepted = decide(two, task, 1).json
    same(accepted["state"], "accepted", "decided")
    check(accepted["undo_until"] is not None, "it can be undone")
    same(decide(one, task, 1).code, "task_closed", "the other comes too late")
    undone = two.good("POST", f"/api/tasks/{task}/undo", {"reason": "UNDO_MISTAKE", "version": accepted["version"]})
    same((undone["state"], pair_state(task)), ("in_review", "in_review"), "taken back")
    same(decide(one, task, 1).code, "task_closed", "the first task is over")
    again = one.good("GET", "/api/tasks?kind=pair&limit=200")["items"]
    fresh = [row for row in again if row["pair"] == accepted["pair"]][0]
    same(decide(one, fresh["task"], 1).code, "version_conflict", "what was looked at changed since")
    same(decide(one, fresh["task"], fresh["version"], "needs_info", "NEEDS_ADDRESS").json["state"], "needs_info", "not yet")

    same(decide(one, red, 1).json["sign_due"] is not None, True, "red waits for a signature")
    sign = one.good("GET", "/api/tasks?state=sign")["items"][0]
    body = {"verdict": "confirm", "reason": "SIGN_CONFIRMED", "version": sign["version"]}
    same(one.post(f"/api/tasks/{sign['task']}/sign", body).code, "same_person", "not the one who accepted")
    same(two.post(f"/api/tasks/{sign['task']}/sign", body).json["state"], "accepted", "a second person signs")

    batch = {"verdict": "reject", "reason": "REJECT_NOT_NEAR", "tasks": [{"task": t, "version": 1} for t in near[1:3]]}
    same(one.post("/api/decisions", batch).code, "not_alike", "two persons of concern are not one evidence")
    sql("UPDATE pair SET risk_person = 5 WHERE pair_id IN (SELECT pair_id FROM review_task WHERE public_id IN "
        f"('{near[1]}', '{near[2]}'))")
    same([row["task"] for row in one.good("GET", f"/api/tasks/{near[1]}/alike")["items"]], near[1:3], "what is alike")
    stale = {**batch, "tasks": [{"task": near[1], "version": 1}, {"task": near[2], "version": 7}]}
    same(one.post("/api/decisions", stale).code, "version_conflict", "one of them changed")
    same(pair_state(near[1]), "in_review", "all or none")
    same(len(one.good("POST", "/api/decisions", batch)["items"]), 2, "both at once")
    same(hear(one, lambda: decide(two, near[5], 1)), "queue", "a live queue hears of it")
    history = one.good("GET", f"/api/tasks/{task}/history")
    same([row["verdict"] for row in history["decisions"]], ["accept", "undo", "needs_info"], "the history")
    return f"{len(everything)} tasks"


if __name__ == "__main__":
    main(proof)
