#!/usr/bin/env python3
"""The inbox of posts and the ways to a name: the alert as the post's view has it, answers with their effects, a post's own
system by its certificate, a second person for a child, quota, search by blind indexes, watch rules."""
import os
import subprocess
import urllib.parse

from console_http import Browser, open_session, user
from console_world import deliver
from stack import *  # noqa: F403

STREET_12 = "重庆市大足区双路街道双南路社区双南路12号"
HOME = STREET_12 + "2单元301室"
GIRL, MAN = "罗小蕾", "尹某甲"


def make_pair():
    """Through the real engine: records sealed as in service."""
    before, concern = counted(), risk(MAN, "1980-03-04", 3, HOME)
    concern["person"]["phones"] = ["13800007731"]
    places = [(house, 105.7220 + house / 10000, 29.7040 + house / 20000) for house in (10, 12, 14)]
    push_raw([raw(ADDRESSES, "place", f"p-{house}", NOW,
                  {"place_id": f"p-{house}", "address": STREET_12.replace("12", str(house)),
                   "location": {"lon": lon, "lat": lat, "crs": "CGCS2000"}}, f"in-p{house}") for house, lon, lat in places])
    await_counted(before + len(places))
    before += len(places)
    push_raw([raw(CHILDREN, "child", "c-1", NOW, child(GIRL, "2015-06-01", 2, HOME), "in-1"),
              raw(CORRECTIONS, "risk", "r-1", NOW, concern, "in-2")])
    await_counted(before + 2)
    return wait_until(lambda: value("SELECT t.public_id FROM review_task t JOIN pair p USING (pair_id) "
                                    "WHERE t.kind = 'pair' AND t.state = 'open'"), 30, "the pair")


def make_certificate(name):
    key, pem = (os.path.join(work_folder(), name + end) for end in (".key", ".pem"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout", key,
                    "-out", pem, "-days", "30", "-subj", "/CN=" + name], check=True, capture_output=True)
    with open(pem, encoding="ascii") as file:
        return pem, file.read()


def unmask(pem, alert, subject="child", verify="SUCCESS"):
    headers = {"X-Client-Verify": verify, "X-Client-Certificate": urllib.parse.quote(pem)} if pem else {}
    return Browser().ask("POST", f"/alerts/{alert}/unmask", {"subject": subject, "purpose": "visit"}, headers)


def answers(officer, chief, far, alert):
    row = officer.good("GET", "/api/inbox")["items"][0]
    same((row["alert"], row["post"], row["tier"], row["state"]), (alert, "station", 1, "sent"), "the inbox of the station")
    same(row["actions"], ["VISIT_RISK", "CONFIRM_ADDR", "PATROL"], "what the station is asked to do")
    same(officer.good("GET", "/api/inbox")["unacknowledged_red"], 1, "it must sound")
    same(far.good("GET", "/api/inbox")["items"], [], "another station's is empty")
    same(far.get(f"/api/inbox/{alert}/station").code, "not_found", "nor is there a way in")
    shown = officer.good("GET", f"/api/inbox/{alert}/station")
    same((shown["message"]["view"], shown["message"]["risk"]["class"]), ("police", "A"), "the police view")
    check(GIRL not in str(shown) and MAN not in str(shown), "no name in it")
    path = f"/api/inbox/{alert}/station/answer"
    same(far.post(path, {"state": "acked"}).code, "not_found", "nobody answers for another post")
    same(officer.post(path, {"state": "closed"}).json["field"], "outcome", "closing says what came of it")
    same(officer.good("POST", path, {"state": "acked"})["verdict"], "accepted", "acknowledged")
    same(officer.good("POST", path, {"state": "acked"})["verdict"], "repeated", "twice is once")
    same(officer.good("GET", "/api/inbox")["unacknowledged_red"], 0, "silence")
    same([row["post"] for row in chief.good("GET", "/api/inbox")["items"]], ["station"], "the lead sees the station's")


def rights_are_the_policy():
    """The database's table of who may be told a name is that of config/policy/views.yaml."""
    with open(os.path.join(REPO, "config/policy/views.yaml"), encoding="utf-8") as file:
        rows = {}
        for key, word in re.findall(r"^ +(?:- )?(view|child_identity|risk_identity): (\w+)", file.read(), re.M):
            view = word if key == "view" else view
            if key != "view":
                rows[view, key.split("_")[0]] = word
    same({(view, side): rule for view, side, rule in sql("SELECT view, side, rule FROM unmask_right")}, rows, "who may unmask")


def machine(alert):
    path, pem = make_certificate("station-system")
    same(unmask(None, alert).code, "certificate", "no certificate")
    same(unmask(pem, alert).code, "certificate", "one that no post has")
    user("certificate", "--post", "station", "--file", path)
    same(unmask(pem, alert, verify="FAILED").code, "certificate", "one the TLS front did not verify")
    same(unmask(pem, "al-" + "0" * 32).code, "not_found", "an alert nobody issued")
    told = unmask(pem, alert).json
    same([record["name"] for record in told["records"]], [GIRL], "the child")
    same(unmask(pem, alert, "risk").json["records"][0]["category"], "sexoff_minor", "the person of concern")
    same(number("SELECT count(*) FROM audit_entry WHERE action = 'unmask' AND subject IS NOT NULL AND actor = 'post:station'"), 2,
         "two entries in the chain")
    far_path, far_pem = make_certificate("far-system")
    user("certificate", "--post", "station-far", "--file", far_path)
    same(unmask(far_pem, alert).code, "not_found", "a post that never had it")
    just_path, just_pem = make_certificate("justice-system")
    user("certificate", "--post", "justice", "--file", just_path)
    same(unmask(just_pem, alert).code, "role", "the judicial office is told no child")
    same(unmask(just_pem, alert, "risk").json["records"][0]["name"], MAN, "but whom it has in its own register")
    sql("INSERT INTO person_look (actor, person_id, side, rule, purpose) SELECT 'post:station', 1, 'child', 'unmask', 'visit' "
        "FROM generate_series(1, 28)")
    same(unmask(pem, alert).code, "quota", "after thirty in a day")
    same(number("SELECT count(*) FROM watch_alarm WHERE rule = 'quota'"), 1, "and the officer is told")


def persons(officer, chief, alert):
    body = {"alert": alert, "post": "station", "side": "child", "purpose": "visit"}
    same(officer.post("/api/looks", {**body, "task": "rt-" + "0" * 16}).json["rule"], "one_ground", "one ground")
    same(officer.post("/api/looks", {**body, "side": "risk"}).json["records"][0]["name"], MAN, "the person of concern")
    asked = officer.post("/api/looks", body)
    same((asked.status, asked.json["state"]), (202, "waiting"), "a child: a second person is asked")
    look = asked.json["look"]
    same(officer.post("/api/looks", body).json["look"], look, "once")
    same(officer.ask("POST", f"/api/looks/{look}", {"verdict": "approve"}).code, "role", "an officer approves nothing")
    same([item["look"] for item in chief.good("GET", "/api/looks")["items"]], [look], "what waits")
    same(chief.good("POST", f"/api/looks/{look}", {"verdict": "approve"})["state"], "approved", "agreed")
    sql("INSERT INTO canary_record SELECT record_id FROM record WHERE subject = 'c-1'")
    same(officer.post("/api/looks", body).json["records"][0]["name"], GIRL, "now it is shown")
    same(number("SELECT count(*) FROM watch_alarm WHERE rule = 'canary' AND actor = 'in-officer'"), 1, "a canary tells")
    same(officer.post("/api/looks", body).status, 202, "once for each agreement")


def what_a_task_shows(reviewer, elsewhere, task):
    """Beside the sheet: the map, what each post would receive, and why records are one person."""
    drawn = reviewer.good("GET", f"/api/tasks/{task}/map")
    same({(point["side"], point["kind"], point["precision"], round(point["lon"], 4), round(point["lat"], 4), point["as_of"])
          for point in drawn["points"]}, {(side, "living", "number", 105.7232, 29.7046, TODAY) for side in ("child", "risk")},
         "both homes, where the library has the house")
    check(all(0 <= point["radius_m"] < 200 for point in drawn["points"]), "and how precisely")
    same((drawn["rings_m"], drawn["distance_m"]), ([200, 500, 1000], 0), "rings, and no distance at all")
    shapes = [shape["geometry"]["coordinates"] for shape in drawn["ground"]["features"] if shape["properties"]["kind"] == "road"]
    same([len(line) for line in shapes], [3], "a road along its three houses")
    same(number("SELECT count(*) FROM audit_entry WHERE action = 'review_map'"), 1, "the map is a look")
    previews = {item["post"]: item for item in reviewer.good("GET", f"/api/tasks/{task}/views")["items"]}
    same({post: item["view"] for post, item in previews.items()}, {"station": "police", "justice": "judicial"}, "whom it would go to")
    station = previews["station"]["message"]
    same((station["post"], station["tier"], station["act"], station["provisional"]),
         ("station", 1, ["VISIT_RISK", "CONFIRM_ADDR", "PATROL"], True), "and what it would say")
    check(GIRL not in str(previews) and MAN not in str(previews), "without a name")
    for what in ("", "/map", "/views", "/history"):
        same(elsewhere.get(f"/api/tasks/{task}{what}").code, "not_found", f"none of it for another area: {what}")
    same(number("SELECT count(*) FROM alert"), 0, "a preview alerts nobody")


def search(browser, by, what, **more):
    return browser.post("/api/search", {"by": by, "value": what, "purpose": "review", **more})


def hits(browser, by, what, **more):
    """The child first: persons come by number, and whose record came first is Kafka's chance."""
    found = [(item["name"], item["side"], len(item["tasks"]), len(item["alerts"]))
             for item in search(browser, by, what, **more).json["items"]]
    return sorted(found, key=lambda hit: hit[1])


def searches(reviewer, elsewhere, chief, officer, task, alert):
    girl, man = ("罗*蕾", "child", 2, 1), ("尹*甲", "risk", 2, 1)  # the second signature is a task, too
    sql("DELETE FROM canary_record")
    number_of_girl = citizen_number("500111", "2015-06-01", 2)
    same(hits(reviewer, "number", number_of_girl), [girl], "by the whole number: masked")
    same(hits(reviewer, "number", number_of_girl[:6] + " " + number_of_girl[6:].lower()), [girl], "as people write it")
    same(hits(reviewer, "number", citizen_number("500111", "2015-06-01", 4)), [], "by another number nobody")
    same(hits(reviewer, "phone", "138 0000 7731"), [man], "by phone")
    same(hits(reviewer, "name_birth_year", GIRL, birth_year=2015), [girl], "by full name and birth year")
    same(hits(reviewer, "name_birth_year", GIRL, birth_year=2014), [], "not by the name alone")
    same(hits(reviewer, "name_birth_year", GIRL[:2], birth_year=2015), [], "nor by a part of it")
    same(hits(reviewer, "task", task), [("罗*蕾", "child", 1, 1), ("尹*甲", "risk", 1, 1)], "by task")
    same(hits(reviewer, "alert", alert), [girl, man], "by alert")
    same(hits(chief, "number", number_of_girl), [("罗*蕾", "child", 0, 1)], "a lead: of alerts of the own posts")
    same(hits(chief, "task", task), [], "and no task")
    for by, what in (("number", number_of_girl), ("task", task), ("alert", alert)):
        same(hits(elsewhere, by, what), [], f"nothing of another area by {by}")
    same(search(officer, "number", number_of_girl).code, "role", "an officer does not search")
    same(search(reviewer, "name_birth_year", GIRL).json["field"], "birth_year", "the year is needed")
    same(search(reviewer, "phone", "1").json["field"], "value", "what is no phone")
    check(not sql("SELECT detail FROM audit_entry WHERE action LIKE 'search%' AND detail::text ~ '[0-9]{6}'"), "no value in the chain")
    same(number("SELECT count(*) FROM audit_entry WHERE action = 'search_found' AND subject IS NULL"), 0, "found by pseudonym")
    canary = [BIN, "canary", "plant", "urn:hulei:500111004:judicial:corrections", "risk", "r-1", "--config", CONFIG]
    same(subprocess.run(canary, capture_output=True, text=True, check=False).stdout, "planted\n", "a canary is planted")
    same(hits(elsewhere, "phone", "13800007731"), [], "a search from elsewhere shows nothing of it")
    same(number("SELECT count(*) FROM watch_alarm WHERE rule = 'canary' AND actor = 'in-elsewhere'"), 1, "and is reported")
    listed = subprocess.run([BIN, "canary", "list", "--config", CONFIG], capture_output=True, text=True, check=True).stdout
    same(listed, f"{canary[3]} risk r-1 live\n", "the list of canaries")
    canary[2] = "remove"
    same(subprocess.run(canary, capture_output=True, text=True, check=False).stdout, "removed\n", "an ordinary record again")


def proof():
    reset()
    sql("""INSERT INTO post (post_id, view, topic, ack_topic, active) VALUES
               ('bureau', 'police', 'hulei.alert.bureau', 'hulei.ack.bureau', true);
           INSERT INTO post (post_id, view, lead_post, topic, ack_topic, active) VALUES
               ('station', 'police', 'bureau', 'hulei.alert.station', 'hulei.ack.station', true),
               ('station-far', 'police', 'bureau', 'hulei.alert.far', 'hulei.ack.far', true),
               ('justice', 'judicial', NULL, 'hulei.alert.justice', 'hulei.ack.justice', true);
           INSERT INTO post_area (post_id, area_code) VALUES ('station', '500111004'), ('station-far', '500111005'),
               ('justice', '500111')""")
    rights_are_the_policy()
    start_engine()
    Role("console").await_log("event=console_ready", 60)
    task = make_pair()
    reviewer = open_session("in-reviewer", "reviewer")
    officer = open_session("in-officer", "post_officer", "--post", "station")
    chief = open_session("in-chief", "post_lead", "--post", "bureau")
    far = open_session("in-far", "post_officer", "--post", "station-far")
    reviewer.good("POST", f"/api/tasks/{task}/claim")
    sheet = reviewer.good("GET", f"/api/tasks/{task}")
    same((sheet["child"]["records"][0]["name"], sheet["risk"]["records"][0]["name"]), (GIRL, MAN), "a claimed task shows both")
    check("id_number" not in str(sheet), "but no number")
    elsewhere = open_session("in-elsewhere", "reviewer", "--area", "500111005")
    what_a_task_shows(reviewer, elsewhere, task)
    reviewer.good("POST", f"/api/tasks/{task}/decision",
                  {"verdict": "accept", "reason": "ACCEPT_CONFIRMED", "version": sheet["version"]})
    deliver()
    alert = value("SELECT alert_id FROM alert WHERE msg = 'alert'")
    answers(officer, chief, far, alert)
    machine(alert)
    persons(officer, chief, alert)
    searches(reviewer, elsewhere, chief, officer, task, alert)
    path = f"/api/inbox/{alert}/station/answer"
    closed = officer.good("POST", path, {"state": "closed", "outcome": "wrong_person"})
    same((closed["state"], closed["reopened"]), ("closed", True), "the wrong person: it is reviewed again")
    same(officer.post("/api/looks", {"alert": alert, "post": "station", "side": "risk", "purpose": "visit"}).code, "no_ground",
         "a closed alert is no ground to look")
    push_raw([raw(CORRECTIONS, "risk", "r-1", NOW, None, "in-3")])
    wait_until(lambda: number("SELECT count(*) FROM card") == 1, 30, "a withdrawn record's card is gone")
    return "view, answers, certificate, second person, quota, search, canary"


if __name__ == "__main__":
    main(proof)
