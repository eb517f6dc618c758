#!/usr/bin/env python3
"""A refused message from the feed to its end: parked, looked at by the engine's OS user alone, requeued in vain, its
cause put right, requeued and accepted; another one discarded, and its key with it. The totals stay true throughout."""
import json

from stack import *  # noqa: F403

HOME = STREET + "12号2单元301室"
NAME = "欧阳晓峰"


def quarantine(*arguments, user="hulei-engine"):
    return subprocess.run(["runuser", "-u", user, "--", BIN, "quarantine", *arguments, "--config", CONFIG],
                          capture_output=True, text=True, check=False, cwd="/")


def listed(state="parked"):
    """{number: (code, field)} as `hulei quarantine list` shows them; nothing of a body."""
    done = quarantine("list", "--state", state)
    check(done.returncode == 0 and NAME not in done.stdout, f"quarantine list: {done.stderr}")
    return {line.split()[0]: tuple(line.split()[3:5]) for line in done.stdout.splitlines()[1:-1]}


def status(state):
    """Parked messages in a state, as `hulei status` counts them."""
    done = subprocess.run(["runuser", "-u", "hulei-engine", "--", BIN, "status", "--json", "--config", CONFIG],
                          capture_output=True, text=True, check=False, cwd="/")
    return sum(row["count"] for row in json.loads(done.stdout)["counts"]
               if (row["what"], row["state"]) == ("parked", state))


def account(pushed, parked, requeued, discarded, what):
    """pushed = accepted + unchanged + superseded + refused, and refused = parked + discarded."""
    counts = outcomes()
    same((sum(counts.values()), counts.get("refused", 0)), (pushed, parked + discarded), f"totals {what}")
    same((status("parked"), status("requeued"), status("discarded")), (parked, requeued, discarded), f"status {what}")


def keys():
    return {row[0] for row in sql("SELECT data_key_id FROM data_key")}


def key_of(parked):
    return value(f"SELECT data_key_id FROM parked WHERE parked_id = {parked}")


def applied():
    wait_until(lambda: number("SELECT count(*) FROM command WHERE applied_at IS NULL") == 0, 20, "the command applied")


def narrow_feeds():
    """A feeds.yaml whose corrections register is not bound to the category it sends."""
    with open(os.path.join(RUN, "feeds.yaml"), encoding="utf-8") as file:
        text = file.read()
    changed = text.replace("[sexoff_minor, sexoff_adult, corr_sexoff, abuse_minor]", "[corr_sexoff]")
    check(changed != text, "the corrections register is bound to categories")
    with open(os.path.join(RUN, "feeds-test.yaml"), "w", encoding="utf-8") as file:
        file.write(changed)
    os.chmod(file.name, 0o644)
    return os.path.basename(file.name)


def look(parked):
    shown = quarantine("show", parked)
    check(shown.returncode == 0 and NAME not in shown.stdout, "show tells place and reason only")
    body = quarantine("show", parked, "--body")
    check(NAME in body.stdout, f"--body opens the message: {body.stderr}")
    same(sql("SELECT actor, detail->>'parked' FROM audit_entry WHERE action = 'quarantine_look'"),
         [["hulei-engine", parked]], "the look on record")
    for user in ("hulei-rev1", "hulei-console", "hulei-courier"):
        stranger = quarantine("show", parked, "--body", user=user)
        check(stranger.returncode != 0 and NAME not in stranger.stdout + stranger.stderr, f"{user} opens a message")
    same(number("SELECT count(*) FROM audit_entry WHERE action = 'quarantine_look'"), 1, "looks on record")


def proof():
    reset()
    engine = start_engine(config_with(feeds=narrow_feeds()))
    unbound = risk(NAME, "1980-03-04", 3, HOME)
    nameless = child(NAME, "2015-06-01", 2, HOME, status="sleeping")
    push_raw([raw(CORRECTIONS, "risk", "r-1", NOW, unbound, "q-1"), raw(CHILDREN, "child", "c-1", NOW, nameless, "q-2"),
              raw(CHILDREN, "child", "c-2", NOW, child("罗小蕾", "2015-06-01", 4, HOME), "q-3")])
    await_counted(3)
    parked = listed()
    same(sorted(fields[0] for fields in parked.values()), sorted(["category_not_allowed", "unknown_word"]), "what is parked")
    by_code = {fields[0]: number_ for number_, fields in parked.items()}
    bound, bad = by_code["category_not_allowed"], by_code["unknown_word"]
    account(3, 2, 0, 0, "after the push")
    look(bound)

    # In vain: the cause is still there. A new copy under a new key, the old key gone.
    old_key = key_of(bound)
    same(quarantine("requeue", bound, "--reason", "FIXED").returncode, 0, "requeue")
    applied()
    same(sql(f"SELECT state, attempts FROM parked WHERE parked_id = {bound}"), [["parked", "2"]], "parked again")
    check(old_key not in keys() and key_of(bound) in keys(), "the second copy has a key of its own")
    account(3, 2, 0, 0, "after a requeue in vain")

    # The binding is put right, the engine reads it anew, the message is a record now.
    engine.stop()
    start_engine()
    same(quarantine("requeue", bound, "--reason", "FIXED").returncode, 0, "requeue with the cause put right")
    applied()
    same(sql("SELECT subject, state FROM record WHERE subject = 'r-1'"), [["r-1", "live"]], "the record")
    same(sql(f"SELECT state, body IS NULL, data_key_id IS NULL FROM parked WHERE parked_id = {bound}"),
         [["requeued", "t", "t"]], "the parked copy")
    account(3, 1, 1, 0, "after the requeue")
    for verb in ("requeue", "discard"):
        check(quarantine(verb, bound).returncode != 0, f"{verb} of what is no longer parked")

    # Given up: the body goes and its key is shredded; place and reason stay.
    bad_key = key_of(bad)
    same(quarantine("discard", bad, "--reason", "SENDER_RESENDS").returncode, 0, "discard")
    same(sql(f"SELECT state, body IS NULL, code FROM parked WHERE parked_id = {bad}"), [["discarded", "t", "unknown_word"]],
         "the discarded message")
    check(bad_key not in keys(), "the key of a discarded message is shredded")
    check(quarantine("show", bad, "--body").returncode != 0, "a discarded body opens")
    account(3, 0, 1, 1, "after the discard")
    same(sql("SELECT action, actor, detail->>'reason' FROM audit_entry WHERE action IN ('quarantine_requeue', "
             "'quarantine_discard') ORDER BY seq"),
         [["quarantine_requeue", "hulei-engine", "FIXED"]] * 2 + [["quarantine_discard", "hulei-engine", "SENDER_RESENDS"]],
         "on record")
    same(sql("SELECT * FROM audit_verify()"), [], "faults of the audit chain")
    return "parked 2, requeued 1 after 2 attempts, discarded 1"


if __name__ == "__main__":
    main(proof)
