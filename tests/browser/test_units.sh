#!/bin/sh
# Unit tests of the pages' parts (ledgers, deadlines, figures), and the types of pages and browser tests.
set -eu
cd "$(dirname "$0")/../../daemon/console/web"
npx --no-install vue-tsc --noEmit --project tsconfig.tests.json
npx --no-install vitest run
