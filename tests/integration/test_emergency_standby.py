#!/usr/bin/env python3
"""A courier that is stopped, and comes back, while another takes over: each alarm is one emergency and one message id."""
from emergency_load import STATION, await_alarms, raise_alarms
from stack import *  # noqa: F403


def proof():
    reset()
    ends = wait_until(lambda: all_log_ends({f"hulei.alert.{STATION}"}), 30, "the topic is listed")
    courier = Role("courier")
    wait_until(lambda: sql("SELECT 1 FROM engine_lease WHERE role = 'emergency'"), 20, "the emergency thread leads")
    raise_alarms("calm")
    await_alarms(ends, 10)
    standby = Role("courier", label="standby")
    courier.signal(signal.SIGSTOP)  # holds its leases, does nothing
    raise_alarms("standby")
    await_alarms(ends, 20)
    courier.signal(signal.SIGCONT)
    raise_alarms("back")
    await_alarms(ends, 30)
    check(standby.is_running(), "the standby leads on")
    same(number("SELECT count(*) FROM audit_verify()"), 0, "faults of the audit chain")
    return "30 alarms over a stopped courier that came back: one emergency and one id each"


if __name__ == "__main__":
    main(proof)
