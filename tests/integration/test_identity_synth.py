#!/usr/bin/env python3
"""Identity on 10,000 invented persons: precision, recall by kind of error, twins, blocking. Full size: tests/full."""
from identity_synth import prove
from stack import main

if __name__ == "__main__":
    main(lambda: prove(persons=10000, seed=7, memory_mb=400))
