#!/bin/sh
# The release binary carries what hardening-check asks for. Control-flow marks are looked for in our own code: the note that
# hardening-check reads is lost in linking, as Debian 12's start-up objects do not have it.
set -eu
binary=${HULEI_BUILD:-build/release}/hulei
command -v hardening-check >/dev/null || exit 77
hardening-check --nocfprotection "$binary"
if [ "$(uname -m)" = x86_64 ]; then
    objdump -d --no-show-raw-insn "$binary" | grep -A1 '<main>:' | grep -q endbr64 || {
        echo "no control-flow mark at main"
        exit 1
    }
fi
