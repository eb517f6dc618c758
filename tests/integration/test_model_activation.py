#!/usr/bin/env python3
"""A new identity model at the engine's next start: every person is clustered anew once, what the new model merely doubts
stays together under its id, what it denies falls apart, and the next start does nothing."""
import re

from stack import *  # noqa: F403

CHILDREN_COUNT = 60


def twice(number_):
    """One child in two records; the second without a number."""
    whole = child(f"慕容{'晓小'[number_ % 2]}{'峰梅雪'[number_ % 3]}", f"2015-{1 + number_ % 12:02d}-{1 + number_ % 27:02d}",
                  2 * number_, STREET + f"{1 + number_}号")
    bare = dict(whole, person={key: value for key, value in whole["person"].items() if key != "id_number"})
    return [raw(CHILDREN, "child", f"c-{number_}-{k}", "2026-04-01T08:00:00+08:00", data, f"m-{number_}-{k}")
            for k, data in enumerate((whole, bare))]


def model_with(name, **limits):
    """The deployment's model with other limits, in a file of its own."""
    with open(CONFIG, encoding="utf-8") as file:
        path = os.path.join(RUN, re.search(r"^model:\s*(\S+)", file.read(), re.M).group(1))
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for key, setting in limits.items():
        text, count = re.subn(rf"(\b{key}:\s*)[^\n]+", rf"\g<1>{setting}", text)
        check(count == 1, f"no {key} in the model")
    path = os.path.join(RUN, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o644)
    return config_with(model=path)


def persons():
    return {tuple(row) for row in sql("SELECT mention_id, person_id FROM mention")}


def start_with(config):
    engine = start_engine(config)
    await_rest()
    engine.stop()
    return number("SELECT count(*) FROM model_use")


def proof():
    reset()
    engine = start_engine()
    messages = [message for n in range(CHILDREN_COUNT) for message in twice(n)]
    push_raw(messages)
    await_counted(len(messages))
    same(outcomes(), {"accepted": len(messages)}, "outcomes")
    engine.stop()
    before = persons()
    clusters = len({person for _, person in before})
    check(clusters < 1.2 * CHILDREN_COUNT, f"{clusters} persons of {CHILDREN_COUNT}: the records are joined")
    same(number("SELECT count(*) FROM model_use"), 1, "the first model is noted")

    doubting = model_with("doubting.yaml", join_bits=1000)
    same(start_with(doubting), 2, "the second model is noted")
    same(persons(), before, "what the second model doubts stays")
    kept = number("SELECT count(*) FROM identity_decision WHERE verdict = 'kept'")
    check(kept >= 2 * CHILDREN_COUNT - clusters, f"{kept} kept links")
    same(number("SELECT count(*) FROM audit_entry WHERE action = 'model_activated'"), 2, "audit entries")
    same(start_with(doubting), 2, "nothing at the next start")

    denying = model_with("denying.yaml", join_bits=1000, cluster_bits=999)
    same(start_with(denying), 3, "the third model is noted")
    apart = persons()
    same(len({person for _, person in apart}), 2 * CHILDREN_COUNT, "what the third model denies falls apart")
    check(len(apart & before) >= clusters, "the oldest record of each keeps the id")

    same(start_with(None), 4, "back to the first model")
    same({mention for mention, _ in persons()}, {mention for mention, _ in before}, "no record is lost")
    same(len({person for _, person in persons()}), clusters, "joined again")
    return f"{2 * CHILDREN_COUNT} records, {clusters} persons, {kept} links kept"


if __name__ == "__main__":
    main(proof)
