#!/usr/bin/env python3
"""Identity on 1,000,000 invented persons, below 4 GB."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../integration"))
from identity_synth import prove  # noqa: E402
from stack import main  # noqa: E402

if __name__ == "__main__":
    main(lambda: prove(persons=1000000, seed=7, memory_mb=4096))
