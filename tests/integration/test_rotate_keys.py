#!/usr/bin/env python3
"""`hulei rotate-keys` while records flow, killed at four places and run again: nothing unreadable, no old key left."""
from rotation import prove
from stack import check, main


def proof():
    figures, longest_ms = prove(base=1500, every=0.1)
    check(longest_ms < 5000, f"a loaded machine waits {longest_ms} ms at most")
    return figures


if __name__ == "__main__":
    main(proof)
