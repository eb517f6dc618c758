#!/usr/bin/env python3
"""Alarms over a killed broker and a restarted database: each is one emergency and one message id."""
from emergency_load import STATION, await_alarms, raise_alarms
from stack import *  # noqa: F403


def proof():
    reset()
    ends = wait_until(lambda: all_log_ends({f"hulei.alert.{STATION}"}), 30, "the topic is listed")
    courier = Role("courier")
    wait_until(lambda: sql("SELECT 1 FROM engine_lease WHERE role = 'emergency'"), 20, "the emergency thread leads")
    raise_alarms("calm")
    await_alarms(ends, 10)
    kill_broker()
    raise_alarms("broker")
    await_alarms(ends, 20)
    restart_database()
    raise_alarms("database")
    await_alarms(ends, 30)
    same(number("SELECT count(*) FROM audit_verify()"), 0, "faults of the audit chain")
    return "30 alarms over a killed broker and a restarted database: one emergency and one id each"


if __name__ == "__main__":
    main(proof)
