#!/bin/sh
# Every C file is as clang-format writes it.
set -eu
cd "$(dirname "$0")/../.."
git ls-files '*.c' '*.h' | xargs clang-format --dry-run --Werror
