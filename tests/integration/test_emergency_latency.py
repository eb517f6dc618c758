#!/usr/bin/env python3
"""Alarms while ordinary records flow, reduced: every one is told; the times are printed, tests/full judges them."""
from emergency_load import measure
from stack import main


def proof():
    return measure(seconds=8, per_second=500, alarms_per_second=4, records=500)[0]


if __name__ == "__main__":
    main(proof)
