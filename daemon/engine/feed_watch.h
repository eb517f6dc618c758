/* Whether the feeds keep what they promised: silent ones at each look, control totals from time to time.
 * Judges nothing: SQL counts (feed_silence, feed_coverage). */
#ifndef HULEI_DAEMON_ENGINE_FEED_WATCH_H
#define HULEI_DAEMON_ENGINE_FEED_WATCH_H

#include "daemon/common/db.h"

#include <stdint.h>

/* All zero before the first look. */
struct feed_watch {
    int64_t silent; /* feeds silent for longer than they promised */
    int64_t gaps;   /* control totals that do not fit the live records */
    int64_t gaps_at_ms;
};

/* Where the database does not answer, the figures stay as they were. */
void feed_watch_look(struct feed_watch *watch, struct db *db);

#endif
