# Shared by the scripts here; sourced, never run. Bundles a test beside the pages' packages and runs it with Node.
repo=$(cd "$(dirname "$0")/../.." && pwd -P)
web=$repo/daemon/console/web
shots=${HULEI_SCREENSHOTS:-$repo/build/screenshots}

# bundle NAME: prints the path of the runnable file.
bundle() {
    (cd "$web" && npx --no-install esbuild "$repo/tests/browser/$1.ts" --bundle --platform=node --format=esm \
        --packages=external --log-level=warning --outfile="node_modules/.hulei/$1.mjs") >&2
    printf '%s\n' "$web/node_modules/.hulei/$1.mjs"
}
