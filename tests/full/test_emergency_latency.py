#!/usr/bin/env python3
"""From Kafka append of an alarm to the append of the police message: p99 at most 1 s while 2,000 ordinary records a second
flow through engine and courier for two minutes."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from emergency import percentile  # noqa: E402
from emergency_load import measure  # noqa: E402
from stack import check, main  # noqa: E402

LIMIT_MS = 1000


def proof():
    figures, times = measure(seconds=120, per_second=2000, alarms_per_second=5)
    check(percentile(times, 0.99) <= LIMIT_MS, f"p99 at most {LIMIT_MS} ms: {figures}")
    return figures


if __name__ == "__main__":
    main(proof)
