#!/usr/bin/env python3
"""50 reviewers at one queue for some seconds: no decision lost, none made twice (in full: tests/full)."""
from reviewers import prove
from stack import main

if __name__ == "__main__":
    main(lambda: prove(reviewers=50, seconds=11, per_second=0, households=100).splitlines()[0])
