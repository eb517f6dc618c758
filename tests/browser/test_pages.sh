#!/bin/sh
# Each page of the console in a real browser, with invented answers: shown, within its CSP, axe clean, in both languages.
set -eu
. "$(dirname "$0")/lib.sh"
mkdir -p "$shots"
node "$(bundle pages)" "$web/dist" "$shots"
