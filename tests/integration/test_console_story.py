#!/usr/bin/env python3
"""The console's whole story in a real browser on real parts: feeds, review with a second signature, the alert in the
post's inbox, its acknowledgement, the overview; nginx in front."""
import json
import os
import subprocess

from console_http import NEW_PASSWORD, sign_in
from stack import REPO, RUN, Role, check, main, reset, same, start_engine, value
from test_story import ADDRESS, POST, await_task, push_people

WEB_PORT = os.environ.get("HULEI_WEB_PORT", "8443")


def account(name, role, *options):
    return {"name": name, "password": NEW_PASSWORD, "secret": sign_in(name, role, *options).secret}


def proof():
    reset()
    start_engine()
    Role("courier").await_log("feeds_assigned")
    Role("console").await_log("event=console_ready", 60)
    done = subprocess.run([os.path.join(REPO, "deploy/dev/web")], capture_output=True, text=True, check=False)
    check(done.returncode == 0, f"deploy/dev/web: {done.stderr}")
    push_people(1, ADDRESS, "p-1")
    await_task()

    story = {
        "address": f"https://localhost:{WEB_PORT}",
        "reviewer": account("story-one", "reviewer"),
        "second": account("story-two", "reviewer,second_reviewer"),
        "officer": account("story-post", "post_officer", "--post", POST),
        "lead": account("story-lead", "post_lead", "--post", POST),
        "childName": "罗小蕾",
    }
    shots = os.environ.get("HULEI_SCREENSHOTS", os.path.join(REPO, "build/screenshots"))
    os.makedirs(shots, exist_ok=True)
    bundle = subprocess.run(["sh", os.path.join(REPO, "tests/browser/bundle.sh"), "story"], capture_output=True, text=True,
                            check=True).stdout.strip()
    told = subprocess.run(["node", bundle, shots], input=json.dumps(story), capture_output=True, text=True,
                          check=False)
    check(told.returncode == 0, f"the browsers: {told.stdout}{told.stderr}")
    same(value(f"SELECT count(*) FROM delivery WHERE post_id = '{POST}' AND state = 'acting'"), "1", "the post's answer")
    log = os.path.join(RUN, "log/nginx.log")
    check(not os.path.exists(log) or "罗小蕾" not in open(log, encoding="utf-8", errors="replace").read(),
          "a name in nginx's log")
    return f"{told.stdout.count('ok:')} steps"


if __name__ == "__main__":
    main(proof)
