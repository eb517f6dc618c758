#!/bin/sh
# Bundles NAME.ts beside the pages' packages and prints the path of what Node runs. usage: bundle.sh NAME
set -eu
repo=$(cd "$(dirname "$0")/../.." && pwd -P)
cd "$repo/daemon/console/web"
npx --no-install esbuild "$repo/tests/browser/$1.ts" --bundle --platform=node --format=esm --packages=external \
    --log-level=warning --outfile="node_modules/.hulei/$1.mjs" >&2
printf '%s\n' "$PWD/node_modules/.hulei/$1.mjs"
