"""Receivers of webhooks for tests: HTTPS servers on this machine that behave, or do not.
Checks the signature and the age of every message it takes, as a receiver of Standard Webhooks must."""
import base64
import collections
import hashlib
import hmac
import http.server
import json
import os
import pwd
import ssl
import subprocess
import threading
import time

AGE_SECONDS = 300


def make_certificate(folder, name):
    """A certificate that vouches for itself; the paths of it and its key."""
    certificate, key = os.path.join(folder, name + ".pem"), os.path.join(folder, name + ".key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout", key,
                    "-out", certificate, "-days", "2", "-subj", "/CN=" + name, "-addext", "subjectAltName=IP:127.0.0.1"],
                   check=True, capture_output=True)
    os.chmod(certificate, 0o644)
    return certificate, key


def make_secret(keys_folder, name, user="hulei-courier"):
    path = os.path.join(keys_folder, name)
    secret = os.urandom(32)
    if os.path.exists(path):
        os.remove(path)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o400), "wb") as file:
        file.write(secret)
    os.chown(path, pwd.getpwnam(user).pw_uid, -1)
    return secret


class Receiver:
    """`behave(count)` says what becomes of the count-th request: a status, "slow" or "redirect"."""

    def __init__(self, certificate, key, secret, behave, redirect_to=None):
        self.secret, self.behave, self.redirect_to = secret, behave, redirect_to
        self.taken = collections.OrderedDict()  # webhook-id: message; a replayed one is taken once
        self.requests, self.replayed, self.refused = 0, 0, []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802
                receiver.answer(self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # a client that hangs up is what some tests are about
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"https://127.0.0.1:{self.server.server_address[1]}/hook"

    def fault_of(self, headers, body):
        id_, when = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "0")
        wanted = "v1," + base64.b64encode(hmac.new(self.secret, f"{id_}.{when}.".encode() + body, hashlib.sha256).digest()).decode()
        if not any(hmac.compare_digest(wanted, given) for given in headers.get("webhook-signature", "").split()):
            return "signature"
        return "age" if abs(time.time() - int(when)) > AGE_SECONDS else None

    def answer(self, request):
        body = request.rfile.read(int(request.headers["content-length"]))
        self.requests += 1
        what = self.behave(self.requests)
        fault = self.fault_of(request.headers, body)
        if fault is not None:
            self.refused.append(fault)
            what = 401
        if what == "slow":
            request.send_response(200)
            request.send_header("content-length", "1000000")
            request.end_headers()
            for _ in range(300):
                request.wfile.write(b".")
                time.sleep(0.2)
            return
        if what == "redirect":
            request.send_response(307)
            request.send_header("location", self.redirect_to)
            request.send_header("content-length", "0")
            request.end_headers()
            return
        if what == 200:
            self.replayed += request.headers["webhook-id"] in self.taken
            self.taken[request.headers["webhook-id"]] = json.loads(body)
        request.send_response(what)
        request.send_header("content-length", "0")
        request.end_headers()

    def alerts(self):
        return [event for event in self.taken.values() if event["type"] == "hulei.alert.v1"]
