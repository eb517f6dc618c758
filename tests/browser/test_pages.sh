#!/bin/sh
# Each page of the console in a real browser, with invented answers: shown, within its CSP, axe clean, in both languages.
set -eu
repo=$(cd "$(dirname "$0")/../.." && pwd -P)
shots=${HULEI_SCREENSHOTS:-$repo/build/screenshots}
mkdir -p "$shots"
node "$(sh "$repo/tests/browser/bundle.sh" pages)" "$repo/daemon/console/web/dist" "$shots"
