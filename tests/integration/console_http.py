"""The console's HTTP server as a browser sees it: one connection to its Unix socket, a cookie, a CSRF token, TOTP.
Believes no certificate and follows nothing."""
import base64
import hashlib
import hmac
import http.client
import json
import os
import re
import socket
import struct
import subprocess
import time

from stack import BIN, CONFIG, RUN, check, same, sql

SOCKET = os.path.join(RUN, "console/http.sock")
HOST = f"localhost:{os.environ.get('HULEI_WEB_PORT', '8443')}"  # as the configuration of deploy/dev/up names it
NEW_PASSWORD = "a quiet river in spring"


class UnixConnection(http.client.HTTPConnection):
    """HTTP over the console's socket."""

    def __init__(self, timeout=30):
        super().__init__(HOST, timeout=timeout)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(SOCKET)


class Answer:
    """Status, headers and body of one answer."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body) if self.body else None

    @property
    def code(self):
        return (self.json or {}).get("code") if "problem" in self.headers.get("Content-Type", "") else None


def totp(secret, at=None):
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", int((at if at is not None else time.time()) // 30)), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place:place + 4])[0] & 0x7fffffff) % 1000000:06d}"


class Browser:
    """One person's browser."""

    def __init__(self):
        self.cookie = self.csrf = None
        self.connection = UnixConnection()

    def ask(self, method, path, body=None, headers=None, text=None):
        sent = {"Host": HOST, **(headers or {})}
        if self.cookie:
            sent["Cookie"] = f"__Host-hulei={self.cookie}"
        if self.csrf and method != "GET":
            sent.setdefault("X-CSRF-Token", self.csrf)
        if body is not None:
            text = json.dumps(body)
        if text is not None:
            sent.setdefault("Content-Type", "application/json")
        try:
            self.connection.request(method, path, text.encode() if text is not None else None, sent)
            answer = Answer(self.connection.getresponse())
        except (http.client.HTTPException, ConnectionError, BrokenPipeError):
            self.connection.close()
            self.connection.request(method, path, text.encode() if text is not None else None, sent)
            answer = Answer(self.connection.getresponse())
        given = re.match(r"__Host-hulei=([0-9a-f]*);", answer.headers.get("Set-Cookie", ""))
        if given:
            self.cookie = given.group(1) or None
        return answer

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, body=None):
        return self.ask("POST", path, body)

    def good(self, method, path, body=None, status=200):
        answer = self.ask(method, path, body)
        same((answer.status, answer.code), (status, None), f"{method} {path}")
        return answer.json


def user(*arguments):
    done = subprocess.run([BIN, "user", *arguments, "--config", CONFIG], capture_output=True, text=True, check=False)
    check(done.returncode == 0, f"hulei user {arguments}: {done.stderr}")
    return done.stdout


def add_user(name, role, *options):
    """The first password of a new account; of one that is there, a new one."""
    sql(f"DELETE FROM credential c USING account a WHERE a.account_id = c.account_id AND a.name = '{name}'")
    told = user("add", name, "--role", role, *options)
    return re.search(r"first password of \S+: (\S+)", told).group(1)


def first_factor(browser, name, password):
    answer = browser.post("/api/session", {"account": name, "password": password})
    if answer.status == 200:
        browser.csrf = answer.json["csrf"]
    return answer


def sign_in(name, role, *options):
    """A browser with an open session of a new account: first password, enrolment, password changed. Its secret and the
    code that was used stay with it for further sign-ins."""
    first = add_user(name, role, *options)
    browser = Browser()
    same(first_factor(browser, name, first).json.get("state"), "enrol", f"{name}: the first factor")
    browser.secret = browser.good("GET", "/api/session/factor")["secret"]
    browser.code = totp(browser.secret)
    browser.csrf = browser.good("POST", "/api/session/factor", {"code": browser.code})["csrf"]
    browser.good("POST", "/api/me/password", {"old": first, "new": NEW_PASSWORD}, 204)
    return browser


def open_session(name, role, *options):
    """A browser with an open session, without the ceremony of passwords and codes: for tests of what comes after."""
    token = os.urandom(32).hex()
    user("add", name, "--role", role, "--os-user", name, *options)
    sql(f"INSERT INTO session (token_hash, account_id, state, ends_at) SELECT sha256('{token}'), account_id, 'active', "
        f"clock_timestamp() + interval '1 hour' FROM account WHERE name = '{name}'")
    browser = Browser()
    browser.cookie = token
    browser.csrf = hashlib.sha256(f"hulei console csrf 1:{token}".encode()).hexdigest()
    return browser


def raw(data, shut=False, wait=5):
    """Bytes as they are, on a connection of their own; everything that comes back."""
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(wait)
    sock.connect(SOCKET)
    sock.sendall(data)
    if shut:
        sock.shutdown(socket.SHUT_WR)
    got = b""
    try:
        while chunk := sock.recv(65536):
            got += chunk
    except (socket.timeout, ConnectionError):
        pass
    sock.close()
    return got
