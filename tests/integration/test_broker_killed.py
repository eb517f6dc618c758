#!/usr/bin/env python3
"""Exactly once: the broker is killed by SIGKILL while records flow, and comes back."""
from exactly_once import prove_with
from stack import kill_broker, main

if __name__ == "__main__":
    main(lambda: prove_with(kill_broker, count=1500, seconds=4, times=1))
