#!/bin/sh
# Long walks of random lives, three seeds: sql/tests/random_lives.sql at full size.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
for seed in 1 20260301 987654; do
    HULEI_WALK="--set steps=6000 --set every=25 --set seed=$seed" "$here/../../sql/tests/run" random_lives.sql
done
