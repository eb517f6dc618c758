#!/usr/bin/env python3
"""Persons and exposures of 4,000 invented persons through Kafka and engine, against the truth. Full size: tests/full."""
from matching_synth import prove
from stack import main

if __name__ == "__main__":
    main(lambda: prove(persons=4000, seed=7, seconds=70))
