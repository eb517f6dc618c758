#!/usr/bin/env python3
"""The address library before the persons, after them, and half each: the same pairs, and no task for nothing."""
from exactly_once import snapshot
from stack import *  # noqa: F403

COUNT, SECONDS = 900, 60


def run(steps):
    """What is left after pushing the steps one after the other, the tasks opened and the pairs that went on the way."""
    reset()
    engine = start_engine()
    for messages in steps:
        before = counted()
        push_raw(messages)
        await_counted(before + len(messages), SECONDS)
        await_rest(SECONDS)
    engine.stop()
    opened = number("SELECT count(*) FROM pair_log WHERE event = 'open'")
    gone = number("SELECT count(*) FROM pair_log WHERE event = 'retract'")
    return snapshot()["pairs"], opened, gone


def proof():
    messages = sub_district(COUNT, 5)
    places = [message for message in messages if message["topic"] == ADDRESSES]
    persons = [message for message in messages if message["topic"] != ADDRESSES]
    half = len(places) // 2
    pairs, opened, gone = run([places, persons])
    check(len(pairs) > 100, "the data makes pairs")
    figures = f"{len(pairs)} pairs; opened and retracted: library first {opened}, {gone}"
    for name, steps in (("last", [persons, places]), ("around", [places[:half], persons, places[half:]])):
        others, also_opened, also_gone = run(steps)
        same(others, pairs, f"pairs with the library {name}")
        figures += f"; {name} {also_opened}, {also_gone}"
        # A few more or less come from how batches were cut around a person who moved.
        check(abs(also_opened - opened) <= 0.02 * opened and also_gone - gone <= 0.02 * opened, figures)
    return figures


if __name__ == "__main__":
    main(proof)
