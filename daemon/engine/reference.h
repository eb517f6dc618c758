/* What the frame feeds say (calendar, grid_map, post_roster, feed_control) as rows of tables of their own, where SQL
 * routes, counts and computes deadlines by it. Deliberately nothing of it in the engine's memory. */
#ifndef HULEI_DAEMON_ENGINE_REFERENCE_H
#define HULEI_DAEMON_ENGINE_REFERENCE_H

#include "daemon/engine/batch.h"
#include "daemon/engine/store.h"

enum { REFERENCE_LINES_MAX = 256 }; /* turns of one roster record; the feed allows fewer */

/*
 * The rows of the records this batch changed; what they said before goes in the same transaction. Contacts are sealed
 * under their record's key. False when the arena is full or sealing failed.
 */
bool reference_write(const struct batch *batch, struct vault *vault, struct store_batch *rows);

#endif
