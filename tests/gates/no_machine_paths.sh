#!/bin/sh
# No path of a developer's machine and no package registry's host stands in the tree.
set -eu
cd "$(dirname "$0")/../.."
if git grep -nIE '(^|[^A-Za-z0-9_.])/(work|farm)/|https?://[^ ]*(registry|repo[0-9]*[.]|pypi|debian|maven|npm)' -- . \
    ':!*package-lock.json' ':!tests/gates/no_machine_paths.sh'; then
    exit 1
fi
