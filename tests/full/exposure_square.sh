#!/bin/sh
# Mean pair counts over 2,000 seeds of 300 children and 30 persons of concern on 60 km2, and their tiers.
exec env HULEI_SQUARE_SEEDS=2000 "$(dirname "$0")/../../build/release/matchers_test_square"
