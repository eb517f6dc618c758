#!/usr/bin/env python3
"""Exactly once in full: 50,000 messages, the engine killed at 20 random moments."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../integration"))
from exactly_once import prove_engine_kills  # noqa: E402
from stack import main  # noqa: E402

if __name__ == "__main__":
    main(lambda: prove_engine_kills(count=50000, kills=20, seconds=100, longest_s=12, batch=100))
