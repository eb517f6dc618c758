#!/usr/bin/env python3
"""50 reviewers, each a request every two seconds, signed in beforehand, for five minutes beside the engine at 500 records
a second: no decision lost, none made twice. Times are printed with the machine's load and judged by the reader."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from reviewers import prove  # noqa: E402
from stack import main  # noqa: E402


def proof():
    text = prove(reviewers=50, seconds=300, per_second=500, households=800)
    return f"{text}\n{os.cpu_count()} cores, load {os.getloadavg()[1]:.1f} over five minutes\n"


if __name__ == "__main__":
    main(proof)
