#!/bin/sh
# clang-tidy over every C file, and a build by clang with warnings as errors.
set -eu
cd "$(dirname "$0")/../.."
cmake --preset clang >/dev/null
cmake --build --preset clang | tail -n 3
git ls-files 'matchers/*.c' 'daemon/*.c' | xargs -P "$(nproc)" -n 1 clang-tidy -p build/clang --quiet 2>/dev/null
