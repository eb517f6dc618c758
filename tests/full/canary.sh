#!/bin/sh
# The personal-data canary after a place of 20,000 people.
exec env HULEI_PERSONS=20000 HULEI_SECONDS=600 python3 "$(dirname "$0")/../integration/test_canary.py"
