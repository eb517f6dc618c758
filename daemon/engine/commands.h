/* The engine's second, ordered input: rows of `command` that people's decisions left (DESIGN.md 4). */
#ifndef HULEI_DAEMON_ENGINE_COMMANDS_H
#define HULEI_DAEMON_ENGINE_COMMANDS_H

#include "daemon/common/db.h"
#include "daemon/engine/store.h"
#include "matchers/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct commands {
    int64_t *ids; /* in order; applied by the batch that read them */
    size_t   count;
};

/* Reads the pending commands into the arena. */
enum db_status commands_read(struct commands *commands, struct db *db, struct arena *arena);

/* True when some are pending; also on failure of the question, so that the next batch finds out. */
bool commands_are_due(struct db *db);

/* Marks them applied in the batch's transaction. */
bool commands_write(const struct commands *commands, struct store_batch *rows);

#endif
