#!/bin/sh
# The matching library calls nothing that does I/O, reads a clock or the locale, or allocates.
set -eu
cd "$(dirname "$0")/../.."
library=build/release/libhulei_matchers.a
# snprintf writes integers and words only: no float, so no locale.
allowed='^(snprintf|mem(cmp|cpy|move|set|chr)|str(len|cmp|ncmp|chr|nlen)|abort|bcmp|qsort|bsearch|__.*_chk|__stack_chk_fail|__assert_fail|_GLOBAL_OFFSET_TABLE_|(sin|cos|tan|asin|acos|atan|atan2|sqrt|fabs|floor|ceil|round|lround|llround|pow|exp|exp2|log|log2|log10|fmod|hypot|fmin|fmax|sincos|lrint|nearbyint|rint|trunc)f?|XXH3?.*)$'
nm --defined-only "$library" 2>/dev/null | awk 'NF == 3 { print $3 }' | sort -u >"${TMPDIR:-/tmp}/defined.$$"
trap 'rm -f "${TMPDIR:-/tmp}/defined.$$"' EXIT
strangers=$(nm --undefined-only "$library" 2>/dev/null | awk 'NF == 2 { print $2 }' | sort -u |
    grep -vxFf "${TMPDIR:-/tmp}/defined.$$" | grep -vE "$allowed" || true)
[ -z "$strangers" ] || { echo "matchers call: $strangers"; exit 1; }
