#!/usr/bin/env python3
"""10,000 alerts to 50 posts while the broker is killed and started again five times and the courier killed ten times; two
posts are dead, one may not be written at first, one has no topic. Each alert is delivered at least once with one stable id,
in the order of its pair, none is lost, and what nobody acknowledges is escalated as DOMAIN.md E.4 has it, over a holiday."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../integration"))
from delivery_faults import Plan, prove  # noqa: E402
from stack import main  # noqa: E402

# Before and after the bounds of red, of orange and of yellow; nothing of the latter two may happen on the holiday.
JUMPS = [("2026-09-30 16:45", None), ("2026-09-30 17:58", "courier"), ("2026-09-30 18:30", None), ("2026-09-30 20:30", "broker"),
         ("2026-09-30 21:30", None), ("2026-10-05 12:00", None), ("2026-10-07 23:58", None), ("2026-10-08 01:00", "courier"),
         ("2026-10-08 15:58", None), ("2026-10-08 17:00", None), ("2026-10-09 17:00", None), ("2026-10-10 17:00", None),
         ("2026-10-16 17:00", None)]


def proof():
    return prove(Plan(alerts=10_000, chunk=250, reports=100, kills=(5, 12, 19, 26, 33, 38), amid=(2, 30), broker=(8, 16, 24, 36),
                      allow=6, jumps=JUMPS, patience=1200))


if __name__ == "__main__":
    main(proof)
