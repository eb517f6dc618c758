#!/usr/bin/env python3
"""A stopped engine must not come back as a second writer: SIGSTOP in mid-flow, a second takes over, SIGCONT."""
import signal
import time

from exactly_once import compare, run_calm, small_batches, snapshot
from stack import *  # noqa: F403

TAKE_OVER_S = 13  # 10 s without renewal by the database clock, a poll each second, the index


def fence():
    return number("SELECT fence FROM engine_lease WHERE role = 'engine'")


def stop_within_a_transaction(engine):
    """SIGSTOP while its backend sits in an open transaction: it then keeps its row locks. Tried for 3 s."""
    asked = ("SELECT state FROM pg_stat_activity WHERE pid = (SELECT backend_pid FROM engine_lease"
             " WHERE role = 'engine')")
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        engine.signal(signal.SIGSTOP)
        time.sleep(0.05)
        if value(asked) == "idle in transaction":
            return True
        engine.signal(signal.SIGCONT)
        time.sleep(0.003)
    engine.signal(signal.SIGSTOP)
    return False


def proof():
    config = small_batches()
    messages = sub_district(1500, 21)
    calm = run_calm(messages, config)

    reset()
    first = start_engine(config)
    standby = Role("engine", config, "engine2")
    standby.await_log("standby")
    half = len(messages) // 2
    push_raw(messages[:half])
    in_transaction = stop_within_a_transaction(first)
    stopped_at, old_fence = time.monotonic(), fence()
    push_raw(messages[half:])
    standby.await_log("feeds_assigned", TAKE_OVER_S + 5)
    took = time.monotonic() - stopped_at
    check(took <= TAKE_OVER_S, f"take-over took {took:.1f} s")
    check(fence() > old_fence, "the fence rose")

    # The first wakes up amid the second's work; all it still wants to write must fail.
    first.signal(signal.SIGCONT)
    await_counted(len(messages), 30)
    wait_until(lambda: "term_ended" in first.log(), 15, "the first engine gives up its term")
    check(first.is_running(), "the first engine lives on, as standby")
    await_rest()
    compare(calm, snapshot())

    # And it leads again when the second one leaves.
    before = first.log().count("lease_taken")
    same(standby.stop(), 0, "exit status of the second engine")
    wait_until(lambda: first.log().count("lease_taken") > before, 5, "the first engine leads again")
    return f"take-over {took:.1f} s, stopped {'inside' if in_transaction else 'outside'} a transaction"


if __name__ == "__main__":
    main(proof)
