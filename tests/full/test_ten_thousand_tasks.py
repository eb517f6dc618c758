#!/usr/bin/env python3
"""10,000 open tasks behind the real API and nginx: each page of the list by its key costs the same, all are reached by
scrolling, and a key is drawn at once. Figures are printed with the load and judged by the reader."""
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from console_http import open_session  # noqa: E402
from console_world import add_pairs, reset_world  # noqa: E402
from stack import REPO, Role, check, main, same, sql  # noqa: E402

TASKS = 10_000


def pages_by_key(browser):
    """Milliseconds of each page of 200, first to last."""
    times, found, after = [], set(), ""
    while True:
        at = time.monotonic()
        page = browser.good("GET", f"/api/tasks?limit=200{after}")
        times.append(1000 * (time.monotonic() - at))
        found |= {row["task"] for row in page["items"]}
        if page["next"] is None:
            same(len(found), TASKS, "tasks on the pages")
            return times
        after = "&after=" + page["next"]


def proof():
    Role("console").await_log("event=console_ready", 60)
    reset_world()
    for first in range(1, TASKS, 1000):
        add_pairs(1000, tier=2 + first // 1000 % 2, first=first)
    sql("ANALYZE")
    done = subprocess.run([os.path.join(REPO, "deploy/dev/web")], capture_output=True, text=True, check=False)
    check(done.returncode == 0, f"deploy/dev/web: {done.stderr}")
    browser = open_session("many-one", "reviewer")
    times = pages_by_key(browser)
    bundle = subprocess.run(["sh", os.path.join(REPO, "tests/browser/bundle.sh"), "long_queue"], capture_output=True, text=True,
                            check=True).stdout.strip()
    asked = {"address": f"https://localhost:{os.environ.get('HULEI_WEB_PORT', '8443')}", "token": browser.cookie, "total": TASKS}
    told = subprocess.run(["node", bundle], input=json.dumps(asked), capture_output=True, text=True, check=False)
    check(told.returncode == 0, f"the browser: {told.stdout}{told.stderr}")
    return (f"{TASKS} tasks, load {os.getloadavg()[0]:.1f}; pages of 200 by the API: first {times[0]:.0f} ms, median "
            f"{sorted(times)[len(times) // 2]:.0f} ms, last {times[-1]:.0f} ms, most {max(times):.0f} ms\n{told.stdout}")


if __name__ == "__main__":
    main(proof)
