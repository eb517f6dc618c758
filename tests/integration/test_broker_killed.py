#!/usr/bin/env python3
"""Exactly once: the broker is killed by SIGKILL while records flow, and comes back."""
import os
import signal

from exactly_once import prove_with
from stack import broker_pid, main, start_broker


def kill_broker():
    os.kill(broker_pid(), signal.SIGKILL)
    start_broker()


if __name__ == "__main__":
    main(lambda: prove_with(kill_broker, count=1500, seconds=4, times=2))
