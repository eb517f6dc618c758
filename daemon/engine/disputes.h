/* Records that somebody objects to (DOMAIN.md C.3): whatever rests on their persons is capped until their owner
 * answers. Deliberately only whether: who objects, why and until when stands in the table `objection`. */
#ifndef HULEI_DAEMON_ENGINE_DISPUTES_H
#define HULEI_DAEMON_ENGINE_DISPUTES_H

#include "daemon/common/db.h"
#include "matchers/proximity/keymap.h"

#include <stdbool.h>
#include <stdint.h>

struct disputes {
    struct keymap records; /* record id -> 1 */
};

/* The memory must outlive it. */
void disputes_init(struct disputes *disputes, struct pool_memory *memory);
void disputes_clear(struct disputes *disputes);

bool disputes_hold(const struct disputes *disputes, int64_t record_id);

/* Makes sure that the next `count` settings succeed. False when memory is out. */
bool disputes_reserve(struct disputes *disputes, size_t count);
/* Needs room that was reserved. */
void disputes_set(struct disputes *disputes, int64_t record_id, bool is_disputed);

/* Fills it with what is open in the database. */
enum db_status disputes_load(struct disputes *disputes, struct db *db);

#endif
