#!/usr/bin/env python3
"""schemathesis holds the API's description against the server: no 5xx, no answer that is not described. Skipped
(77) where the tool is missing."""
import re
import socket
import subprocess
import sys
import threading

from console_http import HOST, SOCKET, open_session
from console_world import add_pairs, reset_world
from stack import REPO, Role, main, os, same, work_folder

VERSION = "4.32.5"
EXAMPLES = os.environ.get("HULEI_FUZZ_EXAMPLES", "4")
ROLES = ["reviewer", "post_lead", "operator", "auditor", "administrator", "security_officer"]


def schemathesis():
    """deploy/dev/install --tests brings it."""
    program = os.path.join(os.environ.get("HULEI_CACHE", "/var/cache/hulei"), f"schemathesis-{VERSION}/bin/schemathesis")
    if not os.path.exists(program):
        print("skip: schemathesis is not here")
        sys.exit(77)
    return program


def copy(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    for sock in (source, target):
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def bridge():
    """A TCP port that leads to the console's socket."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            near, _ = listener.accept()
            far = socket.socket(socket.AF_UNIX)
            far.connect(SOCKET)
            threading.Thread(target=copy, args=(near, far), daemon=True).start()
            threading.Thread(target=copy, args=(far, near), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


def description():
    """Without what is not answered yet, what ends the session or never ends, and the machines' listener."""
    import yaml
    with open(os.path.join(REPO, "config/openapi/console.yaml"), encoding="utf-8") as file:
        api = yaml.safe_load(file)
    for path in list(api["paths"]):
        item = api["paths"][path]
        for method in list(item):
            if method in ("get", "post", "put", "delete") and item[method].get("x-planned"):
                del item[method]
        if path in ("/events", "/alerts/{alert}/unmask"):
            del api["paths"][path]
    del api["paths"]["/session"]["delete"]
    api["security"] = []
    name = os.path.join(work_folder(), "api.yaml")
    with open(name, "w", encoding="utf-8") as file:
        yaml.safe_dump(api, file)
    return name


def proof():
    program = schemathesis()
    console = Role("console")
    console.await_log("event=console_ready", 60)
    reset_world()
    add_pairs(5)
    port, name, told = bridge(), description(), []
    for role in ROLES:
        browser = open_session("f-" + role.replace("_", "-"), role)
        done = subprocess.run(
            [program, "run", name, "--url", f"http://127.0.0.1:{port}/api", "--header", f"Host: {HOST}", "--header",
             f"Cookie: __Host-hulei={browser.cookie}", "--header", f"X-CSRF-Token: {browser.csrf}", "--max-examples", EXAMPLES,
             "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
             "--phases", "fuzzing", "--generation-deterministic", "--suppress-health-check", "all", "--workers", "2",
             # A refused request ends its connection; a client that was still writing then sees no answer.
             "--request-retries", "3"],
            capture_output=True, text=True, check=False, cwd=work_folder())
        failures = re.findall(r"^_+ (.*?) _+$", done.stdout, re.M)
        same((role, done.returncode, failures), (role, 0, []), done.stdout[-3000:] + done.stderr[-500:])
        told += re.findall(r"(\d+) generated", done.stdout)
    same(console.stop(), 0, "the console ends well")
    return f"{len(ROLES)} roles, {' + '.join(told)} cases"


if __name__ == "__main__":
    main(proof)
