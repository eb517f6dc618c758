#!/usr/bin/env python3
"""Key rotation in full: 50,000 records, then 20 a second while all data keys are rewrapped; no record waits over 1 s."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../integration"))
from rotation import prove  # noqa: E402
from stack import check, main  # noqa: E402


def proof():
    figures, longest_ms = prove(base=50000, every=0.05)
    check(longest_ms <= 1000, f"{longest_ms} ms from send to commit")
    return figures


if __name__ == "__main__":
    main(proof)
