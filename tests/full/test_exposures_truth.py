#!/usr/bin/env python3
"""The proof of 50,000 persons: recall and precision of the exposures of every rule, given right identities."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))

from matching_synth import prove  # noqa: E402
from stack import main  # noqa: E402

if __name__ == "__main__":
    main(lambda: prove(persons=50000, seed=7, seconds=3000))
