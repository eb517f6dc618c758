"""The schemas of config/schemas/alert, held against messages that were really made: of post topics, of receipt topics, of the
gateway. A kind of message without a schema is a fault."""
import json
import os

import jsonschema

from stack import REPO, check, sql

FOLDER = os.path.join(REPO, "config/schemas/alert")
KINDS = {"hulei.heartbeat.v1": "heartbeat", "hulei.answer.v1": "answer", "hulei.digest.v1": "digest", "hulei.notice.v1": "notice"}


def hold(name, message):
    with open(os.path.join(FOLDER, name + ".json"), encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(message)


def hold_event(event):
    """A CloudEvents message of a post or of the gateway; answers the name of its schema."""
    name = event["data"]["view"] if event["type"] == "hulei.alert.v1" else KINDS[event["type"]]
    hold(name, event)
    return name


def hold_outbox():
    """What lies ready or left as text: receipts, outcomes, answers, digests. Answers how many of each kind."""
    seen = {}
    for (text,) in sql("SELECT convert_from(payload, 'UTF8') FROM outbox WHERE kind IN ('receipt', 'outcome', 'digest')"):
        message = json.loads(text)
        if "type" in message:
            name = hold_event(message)
        else:
            name = "outcome" if "outcomes" in message else "receipt"
            hold(name, message)
        seen[name] = seen.get(name, 0) + 1
    check(seen, "messages to look at")
    return seen
