#!/bin/sh
# Each service is sandboxed to an exposure of 1.5 at most (systemd-analyze), says nothing systemd does not know, and lets
# through every system call that the program makes (tests/full/test_system_calls.py looks at those).
set -eu
cd "$(dirname "$0")/../../deploy/systemd"
command -v systemd-analyze >/dev/null || exit 77
status=0
for unit in *.service; do
    systemd-analyze security --offline=true --no-pager --threshold=15 "./$unit" >/dev/null || {
        systemd-analyze security --offline=true --no-pager "./$unit" | tail -n 1
        status=1
    }
    # The program and its page of the manual need not be installed where this is looked at.
    if systemd-analyze verify "./$unit" 2>&1 | grep -vE 'is not executable|Command .man |^$' | grep -F "$unit"; then
        status=1
    fi
done
exit $status
