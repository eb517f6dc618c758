/* A sign of life for every post on its own topic: a post notices when alerts could not reach it, and the courier finds
 * at its start, not at the first alert, that it may not write a topic (RELIABILITY.md C.2, C.3). */
#ifndef HULEI_DAEMON_COURIER_HEARTBEAT_H
#define HULEI_DAEMON_COURIER_HEARTBEAT_H

#include "daemon/courier/posts.h"
#include "daemon/courier/relay.h"

#include <stdint.h>

enum { HEARTBEAT_EVERY_MS = 15 * 60 * 1000 };

/* Zeroed at the begin of a term: the first beat is due at once. */
struct heartbeat {
    int64_t next_ms;  /* monotonic */
    int64_t retry_ms; /* monotonic; for topics that fail */
};

/*
 * Sends what is due: one message to every post, and sooner to those whose topic fails, until it takes one. Reports
 * arrive through relay_poll(); a topic that cannot be written is then among relay_topics() with its error.
 */
void heartbeat_beat(struct heartbeat *heartbeat, const struct posts *posts, struct relay *relay, const char *shard);

/* The message: CloudEvents JSON the caller frees, NULL without memory. `now_s`: seconds since 1970. */
char *heartbeat_render(const char *post_id, const char *shard, int64_t now_s);

#endif
