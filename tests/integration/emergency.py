"""Emergencies as the proofs send and read them: alarms, reports, check-ins; messages of the police, opened as a post does."""
import base64
import json
import os
import subprocess
import tempfile

from stack import RUN, NOW, check, consume, raw

WATCHES = ("hulei.emergency.civil-affairs", "urn:hulei:500111004:civil-affairs:watches")
REPORTS = ("hulei.emergency.health", "urn:hulei:500111004:health:reports")
LODGING = ("hulei.emergency.police", "urn:hulei:500111004:police:lodging")


def sos(subject, child_ref=None, event=None, device="w-1", **more):
    data = {"device_id": device, "raised": NOW, "location": {"lon": 105.71, "lat": 29.7, "crs": "GCJ02", "accuracy_m": 12}, **more}
    if child_ref:
        data["child_ref"] = child_ref
    return raw(WATCHES[0], "sos", subject, NOW, data, event or f"ev-{subject}", source=WATCHES[1])


def report(subject, **more):
    data = {"reported_at": NOW, "place": {"area_code": "500111004201"}, **more}
    return raw(REPORTS[0], "report", subject, NOW, data, f"ev-{subject}", source=REPORTS[1])


def lodging(subject, event=None, **more):
    data = {"venue_id": "v-1", "at": NOW, "place": {"area_code": "500111004201"}, **more}
    return raw(LODGING[0], "lodging", subject, NOW, data, event or f"ev-{subject}", source=LODGING[1])


def told(post, since):
    """The messages about emergencies on a post's topic: CloudEvents with Kafka's append time as `append_ms`."""
    found = []
    for message in consume("post-" + post, f"hulei.alert.{post}", since):
        event = json.loads(message["payload"])
        if event["type"] == "hulei.alert.v1" and event["data"].get("emergency"):
            found.append(dict(event, append_ms=message["ts"]))
    return found


def open_part(post, part, key=None):
    """What the post reads in the encrypted part, by the openssl program; None when it does not open."""
    with tempfile.NamedTemporaryFile(suffix=".der") as file:
        file.write(base64.b64decode(part["cms"]))
        file.flush()
        done = subprocess.run(
            ["openssl", "cms", "-decrypt", "-inform", "DER", "-in", file.name, "-binary", "-recip",
             os.path.join(RUN, "certificates", post + ".pem"), "-inkey", os.path.join(RUN, "secrets", f"post-{key or post}.key")],
            capture_output=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else None


def structure(part):
    with tempfile.NamedTemporaryFile(suffix=".der") as file:
        file.write(base64.b64decode(part["cms"]))
        file.flush()
        done = subprocess.run(["openssl", "cms", "-cmsout", "-print", "-noout", "-inform", "DER", "-in", file.name],
                              capture_output=True, text=True, check=True)
    return done.stdout


def tampered(part, at):
    """The part with one bit turned."""
    der = bytearray(base64.b64decode(part["cms"]))
    der[at] ^= 1
    return dict(part, cms=base64.b64encode(bytes(der)).decode())


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def histogram(values, bounds=(10, 20, 50, 100, 200, 500, 1000)):
    lines, low = [], 0
    for high in (*bounds, float("inf")):
        count = sum(low <= value < high for value in values)
        if count:
            lines.append(f"{low}-{high} ms: {count}")
        low = high
    return ", ".join(lines)


def latencies(messages, appended):
    """Milliseconds from the append of the alarm to the append of the police message; `appended` by alert id."""
    times = [event["append_ms"] - appended[event["subject"]] for event in messages if event["subject"] in appended]
    check(times, "latencies were measured")
    return times
