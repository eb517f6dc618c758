# Shared by deploy/dev/*, deploy/demo and tests/run; sourced, never run. POSIX sh.
# Sets paths and ports from the environment; starts nothing.

repo=$(cd "$(dirname "$0")" && pwd -P)
while [ ! -e "$repo/CMakePresets.json" ] && [ "$repo" != / ]; do
    repo=$(dirname "$repo")
done
run=${HULEI_RUN:-${TMPDIR:-/tmp}/hulei-dev}
pg_port=${HULEI_PG_PORT:-25432}
kafka_port=${HULEI_KAFKA_PORT:-19092} # the next two are taken, too
web_port=${HULEI_WEB_PORT:-8443} # the next one is taken, too
kafka_version=4.1.1
jars=${HULEI_CACHE:-/var/cache/hulei}/kafka-$kafka_version
pg_bin=/usr/lib/postgresql/15/bin

say() {
    printf '%s\n' "$*" >&2
}

die() {
    say "${0##*/}: $*"
    exit 1
}

need_root() {
    [ "$(id -u)" -eq 0 ] || die "needs root: it runs every role as its own OS user"
}

# as USER COMMAND...: runs it as that OS user, with no environment of root but what the stack needs.
as() {
    as_user=$1
    shift
    runuser -u "$as_user" -- env -i PATH="$PATH" HOME=/ LANG=C.UTF-8 HULEI_CONFIG="$run/hulei.yaml" "$@"
}

# is_alive PIDFILE WORD: the process runs and is ours: its command line holds WORD.
is_alive() {
    [ -s "$1" ] && tr '\0' ' ' 2>/dev/null <"/proc/$(head -n 1 "$1" 2>/dev/null)/cmdline" | grep -qF -- "$2"
}

# stop PIDFILE WORD [SECONDS]: by process id, and never another process that got the same number.
stop() {
    if is_alive "$1" "$2"; then
        stop_pid=$(head -n 1 "$1")
        kill "$stop_pid" 2>/dev/null || true
        stop_left=$((${3:-10} * 10))
        while [ "$stop_left" -gt 0 ] && is_alive "$1" "$2"; do
            sleep 0.1
            stop_left=$((stop_left - 1))
        done
        if is_alive "$1" "$2"; then kill -KILL "$stop_pid" 2>/dev/null || true; fi
    fi
    rm -f "$1"
}

feed_topics() {
    sed -n 's/^ *- *topic: *\([a-z0-9.-]*\).*/\1/p' "$repo/config/feeds.yaml"
}

# The courier has its own place: it sends what clerks enter in the console.
feed_principals() {
    sed -n 's/^ *principal: *\([a-z0-9.-]*\).*/\1/p' "$repo/config/feeds.yaml" | grep -vx courier
}

post_ids() {
    sed -n 's/^ *- *id: *\([a-z0-9-]*\).*/\1/p' "$repo/config/posts.yaml"
}

police_post_ids() {
    awk '$1 == "-" && $2 == "id:" { id = $3 } $1 == "view:" && $2 == "police" { print id }' "$repo/config/posts.yaml"
}
