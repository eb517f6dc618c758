#!/usr/bin/env python3
"""Exactly once in full: 20,000 messages while the broker is killed and while PostgreSQL is restarted, five times each."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../integration"))
from exactly_once import prove_with  # noqa: E402
from stack import kill_broker, main, restart_database  # noqa: E402


def proof():
    return "; ".join(f"{name}: {prove_with(disturbance, count=20000, seconds=60, times=5)}"
                     for name, disturbance in (("broker", kill_broker), ("database", restart_database)))


if __name__ == "__main__":
    main(proof)
