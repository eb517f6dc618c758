#!/usr/bin/env python3
"""What the console's HTTP server refuses on the wire, and that neither dripping clients nor a thousand silent connections
stop a reviewer. Then every route with every role, generated from the API's own description."""
import re
import resource
import socket
import threading
import time

import yaml
from console_http import HOST, SOCKET, Browser, open_session, raw
from console_world import FAR, add_pairs, reset_world
from stack import REPO, Role, check, main, os, same

LINE = b"GET /api/health HTTP/1.1\r\n"
HOST_LINE = f"Host: {HOST}\r\n".encode()
ROLES = ["reviewer", "second_reviewer", "post_officer", "post_lead", "operator", "auditor", "administrator", "security_officer"]


def status(data):
    """Status codes that come back, each once: the library says some refusals twice."""
    return [int(code) for code in sorted(set(re.findall(rb"HTTP/1\.1 (\d{3}) ", raw(data, shut=True, wait=3))))]


def wire():
    body = b'{"account":"a","password":"b"}'
    post = b"POST /api/session HTTP/1.1\r\n" + HOST_LINE + b"Content-Type: application/json\r\n"
    hidden = LINE + HOST_LINE + b"\r\n"
    rows = [
        ("a good request", LINE + HOST_LINE + b"Connection: close\r\n\r\n", [200]),
        ("two lengths, another request inside", post + b"Content-Length: 0\r\nContent-Length: 40\r\n\r\n" + hidden, [400]),
        ("length and chunks", post + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, [400]),
        ("chunks", post + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, [400]),
        ("no host", LINE + b"\r\n", [400]),
        ("two hosts", LINE + HOST_LINE + HOST_LINE + b"\r\n", [400]),
        ("a foreign host", LINE + b"Host: evil.example\r\n\r\n", [400]),
        ("a space before the colon", LINE + f"Host : {HOST}\r\n\r\n".encode(), [400]),
        ("a NUL in the path", b"GET /api/health%00x HTTP/1.1\r\n" + HOST_LINE + b"\r\n", [400]),
        ("a way up", b"GET /api/../api/health HTTP/1.1\r\n" + HOST_LINE + b"\r\n", [400]),
        ("two slashes", b"GET //api/health HTTP/1.1\r\n" + HOST_LINE + b"\r\n", [400]),
        ("a whole address", b"GET http://localhost:8443/api/health HTTP/1.1\r\n" + HOST_LINE + b"\r\n", [400]),
        ("a negative length", post + b"Content-Length: -1\r\n\r\n", [400]),
        ("a signed length", post + b"Content-Length: +30\r\n\r\n" + body, [400]),
        ("too much announced", post + b"Content-Length: 70000\r\n\r\n", [413]),
        ("a method nobody knows", b"BREW /api/health HTTP/1.1\r\n" + HOST_LINE + b"Connection: close\r\n\r\n", [405]),
        ("a body where none is taken", b"GET /api/health HTTP/1.1\r\n" + HOST_LINE + b"Content-Length: 3\r\n\r\nabc", [413]),
    ]
    for what, data, wanted in rows:
        same(status(data), wanted, what)
    check(b"HTTP/1.1 200" not in raw(LINE + HOST_LINE + b"X: " + b"a" * 100000 + b"\r\n\r\n", wait=3), "a header without end")
    for what, text, wanted in (("not JSON", "{", 400), ("twice", '{"account":"a","account":"b","password":"c"}', 400),
                               ("a list", "[]", 422), ("a stranger", '{"account":"a","password":"b","x":1}', 422)):
        same(Browser().ask("POST", "/api/session", text=text).status, wanted, what)
    answer = Browser().ask("POST", "/api/session", text="{}", headers={"Content-Type": "text/plain"})
    same(answer.status, 415, "another type")
    return len(rows)


def crowd(reviewer):
    """A thousand connections that say nothing, fifty that drip: a reviewer's requests stay fast, and the drips end."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    socks = []
    for number in range(1000):
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(SOCKET)
        if number < 50:
            sock.sendall(LINE)
        socks.append(sock)
    stop = threading.Event()

    def drip():
        while not stop.wait(1):
            for sock in socks[:50]:
                try:
                    sock.sendall(b"X-A: b\r\n")
                except OSError:
                    pass

    threading.Thread(target=drip, daemon=True).start()
    worst = 0.0
    began = time.monotonic()
    while time.monotonic() - began < 24:
        at = time.monotonic()
        reviewer.good("GET", "/api/tasks?limit=20")
        worst = max(worst, time.monotonic() - at)
        time.sleep(0.25)
    stop.set()
    check(worst < 2, f"a reviewer waited {worst:.1f} s")
    ended = 0
    for sock in socks[:50]:
        sock.settimeout(1)
        try:
            while data := sock.recv(4096):
                pass
            ended += 1
        except ConnectionError:
            ended += 1
        except socket.timeout:
            pass
    same(ended, 50, "dripping connections that were cut off")
    for sock in socks:
        sock.close()
    return worst


def operations():
    """(method, path, roles, area) of every operation that is answered."""
    with open(os.path.join(REPO, "config/openapi/console.yaml"), encoding="utf-8") as file:
        api = yaml.safe_load(file)
    for path, item in api["paths"].items():
        for method in ("get", "post", "put", "delete"):
            if method in item and not item[method].get("x-planned"):
                yield method.upper(), path, item[method]["x-roles"], item[method]["x-area"]


def matrix(task):
    """Every operation x every role; what is another area's is not there."""
    sessions = {role: open_session("m-" + role.replace("_", "-"), role) for role in ROLES}
    far = open_session("m-far", "reviewer", "--area", "500111005")
    fill = {"task": task, "alert": "al-" + "0" * 32, "post": "station", "look": "lk-" + "0" * 16, "grant": "gr-" + "0" * 16,
            "name": "m-nobody", "area": "500111004001"}
    count = 0
    for method, path, roles, area in operations():
        if path.startswith("/session") or path.startswith("/alerts/") or path in ("/events", "/health"):
            continue
        real = "/api" + re.sub(r"\{(\w+)\}", lambda found: fill[found.group(1)], path)
        for role, browser in sessions.items():
            answer = browser.ask(method, real, {} if method in ("POST", "PUT") else None)
            count += 1
            if role in roles:
                check(answer.status < 500 and answer.code != "role", f"{method} {path} as {role}: {answer.status} {answer.code}")
            else:
                same((answer.status, answer.code), (403, "role"), f"{method} {path} as {role}")
        same(Browser().ask(method, real, {} if method != "GET" else None).code, "no_session", f"{method} {path} without a session")
        if "{task}" in path and "reviewer" in roles and method == "GET":
            same(far.ask(method, real).code, "not_found", f"{method} {path} of another area")
    return count


def proof():
    console = Role("console")
    console.await_log("event=console_ready", 60)
    reset_world()
    task = add_pairs(30)[0]
    add_pairs(3, FAR, first=100)
    rows = wire()
    cells = matrix(task)
    worst = crowd(open_session("m-crowd", "reviewer"))
    same(console.stop(), 0, "the console ends well")
    return f"{rows} wire rows, {cells} cells of the matrix, worst answer in the crowd {worst * 1000:.0f} ms"


if __name__ == "__main__":
    main(proof)
