#!/usr/bin/env python3
"""The console's whole story in a real browser on real parts: feeds, review with a second signature, the alert in the
post's inbox, its acknowledgement, the overview, a clerk's ledgers; what must not happen; nginx in front."""
import json
import os
import subprocess
import zipfile

from console_http import NEW_PASSWORD, open_session, sign_in
from stack import REPO, RUN, Role, check, main, port, reset, same, sql, start_engine, value, wait_until, work_folder
from test_story import ADDRESS, OTHER, POST, push_people

WEB_PORT = os.environ.get("HULEI_WEB_PORT", "8443")
LEDGER = [["编号", "姓名", "性别", "出生日期", "儿童类别", "备注"]]
SHEET = ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/'
         'spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>')


def account(name, role, *options):
    return {"name": name, "password": NEW_PASSWORD, "secret": sign_in(name, role, *options).secret}


def write_csv(rows):
    path = os.path.join(work_folder(), "ledger.csv")
    with open(path, "wb") as file:  # as most offices save it
        file.write("\r\n".join(",".join(row) for row in rows).encode("gb18030"))
    return path


def write_xlsx(rows):
    """The least that is a workbook, with texts in the cells."""
    path = os.path.join(work_folder(), "ledger.xlsx")
    cells = "".join(f'<row r="{n}">' + "".join(f'<c r="{"ABCDEF"[at]}{n}" t="inlineStr"><is><t>{cell}</t></is></c>'
                                               for at, cell in enumerate(row)) + "</row>" for n, row in enumerate(rows, 1))
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension='
                               '"rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
                               f'PartName="/xl/workbook.xml" ContentType="{kinds}sheet.main+xml"/><Override PartName='
                               f'"/xl/worksheets/sheet1.xml" ContentType="{kinds}worksheet+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
                       'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
                       'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.'
                           'openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/>'
                           "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                                      '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
                                      'relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": SHEET.format(cells),
    }
    with zipfile.ZipFile(path, "w") as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return path


def ledgers():
    good = [[f"led-{at}", f"测试童{at}", "女", "2014年5月6日", "留守儿童", "x"] for at in range(3)]
    bad = ["led-9", "", "女", "2014-05-06", "留守儿童", "y"]
    return {"csv": write_csv([*LEDGER, *good[:2], bad]), "xlsx": write_xlsx([*LEDGER, good[2], bad])}


def tokens():
    """Sessions of the people whose sign-in is not what is looked at."""
    people = {"reviewer": ("story-three", "reviewer"), "other": ("story-four", "reviewer"), "auditor": ("story-auditor", "auditor"),
              "operator": ("story-operator", "operator", "--department", "civil-affairs")}
    return {role: open_session(*one).cookie for role, one in people.items()}


def tell_browsers(story):
    shots = os.environ.get("HULEI_SCREENSHOTS", os.path.join(REPO, "build/screenshots"))
    os.makedirs(shots, exist_ok=True)
    bundle = subprocess.run(["sh", os.path.join(REPO, "tests/browser/bundle.sh"), "story"], capture_output=True, text=True,
                            check=True).stdout.strip()
    log = os.path.join(work_folder(), "story.log")
    with open(log, "w+", encoding="utf-8") as told:
        done = subprocess.run(["node", bundle, shots], input=json.dumps(story), stdout=told, stderr=told, text=True, check=False)
        told.seek(0)
        text = told.read()
    check(done.returncode == 0, f"the browsers: {text}")
    return text.count("ok:")


def proof():
    reset()
    start_engine()
    Role("courier").await_log("feeds_assigned")
    Role("console").await_log("event=console_ready", 60)
    done = subprocess.run([os.path.join(REPO, "deploy/dev/web")], capture_output=True, text=True, check=False)
    check(done.returncode == 0, f"deploy/dev/web: {done.stderr}")
    push_people(1, ADDRESS, "p-1")
    push_people(2, OTHER, "p-2")
    wait_until(lambda: value("SELECT count(*) FROM review_task WHERE state = 'open' AND kind = 'pair'") == "2", 20, "two tasks")
    sql("UPDATE setting SET value = '60' WHERE name = 'undo_window_s'")

    steps = tell_browsers({
        "address": f"https://localhost:{WEB_PORT}",
        "reviewer": account("story-one", "reviewer"),
        "second": account("story-two", "reviewer,second_reviewer"),
        "officer": account("story-post", "post_officer", "--post", POST),
        "lead": account("story-lead", "post_lead", "--post", POST),
        "tokens": tokens(),
        "childName": "罗小蕾",
        "ledgers": ledgers(),
        "psql": ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", os.path.join(RUN, "sock"), "-p", port(), "-U", "postgres",
                 "-d", "hulei"],
    })
    same(value(f"SELECT count(*) FROM delivery WHERE post_id = '{POST}' AND state = 'acting'"), "1", "the post's answer")
    same(sql("SELECT * FROM audit_verify()"), [], "faults of the audit chain")
    log = os.path.join(RUN, "log/nginx.log")
    check(not os.path.exists(log) or "罗小蕾" not in open(log, encoding="utf-8", errors="replace").read(),
          "a name in nginx's log")
    return f"{steps} steps"


if __name__ == "__main__":
    main(proof)
