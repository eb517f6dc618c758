#!/usr/bin/env python3
"""Alerts to fifty posts through every kind of fault, and the table of deadlines over the national holiday: the small twin of
tests/full/test_ten_thousand_alerts.py."""
from delivery_faults import Plan, prove
from stack import main

# Each just after a bound: red and emergencies at 30 min, 2 h and 4 h; orange stands still until the 8th, yellow until the 9th.
JUMPS = [("2026-09-30 16:33", None), ("2026-09-30 18:03", "courier"), ("2026-09-30 20:03", None), ("2026-10-05 12:00", None),
         ("2026-10-08 00:03", None), ("2026-10-08 16:03", None), ("2026-10-09 16:03", None), ("2026-10-12 16:03", None)]


def proof():
    return prove(Plan(alerts=210, chunk=70, reports=10, kills=(1,), amid=(0,), broker=(2,), allow=0, jumps=JUMPS, patience=60))


if __name__ == "__main__":
    main(proof)
