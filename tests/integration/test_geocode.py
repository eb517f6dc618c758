#!/usr/bin/env python3
"""Geocoding against a generated library of 20,000 places: own places found, relaxed answers honest."""
from geocode import prove
from stack import main

if __name__ == "__main__":
    main(lambda: prove(places=20000, questions=3000))
