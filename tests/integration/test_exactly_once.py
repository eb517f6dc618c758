#!/usr/bin/env python3
"""Exactly once: the engine is killed at random moments while records flow, and the tables end as without it."""
from exactly_once import prove_engine_kills
from stack import main

if __name__ == "__main__":
    main(lambda: prove_engine_kills(count=2000, kills=5, seconds=5, longest_s=1.2))
