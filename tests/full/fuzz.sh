#!/bin/sh
# Every fuzz harness for ten minutes, one after the other, from a copy of its corpus. A finding fails and is kept.
# HULEI_FUZZ_SECONDS: how long each; HULEI_FUZZ: only those whose name holds this word.
set -eu
cd "$(dirname "$0")/../.."
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz | tail -n 1
seconds=${HULEI_FUZZ_SECONDS:-600}
found=$PWD/build/fuzz/findings
failed=0
mkdir -p "$found"
for source in tests/fuzz/fuzz_*.c; do
    name=$(basename "$source" .c)
    case $name in *"${HULEI_FUZZ:-}"*) ;; *) continue ;; esac
    corpus=$(mktemp -d)
    cp -r "tests/fuzz/corpus/$name/." "$corpus"
    if log=$("build/fuzz/$name" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 \
             -artifact_prefix="$found/$name-" "$corpus" 2>&1); then
        echo "$name: $(echo "$log" | sed -n 's/^stat::number_of_executed_units: *//p') runs in $seconds s, no finding"
    else
        echo "$name: a finding in $found"
        echo "$log" | tail -n 20
        failed=1
    fi
    rm -rf "$corpus"
done
exit $failed
