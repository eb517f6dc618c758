#!/usr/bin/env python3
"""Exactly once: PostgreSQL is stopped without a goodbye (pg_ctl -m immediate) while records flow."""
from exactly_once import prove_with
from stack import main, restart_database

if __name__ == "__main__":
    main(lambda: prove_with(restart_database, count=2000, seconds=6, times=3))
