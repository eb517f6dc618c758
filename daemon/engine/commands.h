/* The engine's second, ordered input: rows of `command` that people's decisions left (DESIGN.md 4). */
#ifndef HULEI_DAEMON_ENGINE_COMMANDS_H
#define HULEI_DAEMON_ENGINE_COMMANDS_H

#include "daemon/common/db.h"
#include "daemon/common/feed/feed.h"
#include "daemon/common/vault.h"
#include "daemon/engine/dirty.h"
#include "daemon/engine/disputes.h"
#include "daemon/engine/store.h"
#include "matchers/arena.h"
#include "matchers/identity/identity.h"
#include "matchers/tier/policy.h"

#include <stdbool.h>
#include <stdint.h>

/* One edge of a human answer on identity. */
struct commands_edge {
    int64_t               mention_a, mention_b;
    enum identity_verdict verdict;
};

/* Whether a record is objected to from now on. */
struct commands_dispute {
    int64_t record_id;
    bool    is_disputed;
};

struct commands {
    int64_t                 *ids; /* in order; applied by the batch that read them */
    size_t                   count;
    struct feed_message     *requeued; /* parked messages to be read again; they keep topic, partition and offset */
    size_t                   requeued_count;
    struct commands_edge    *edges; /* in the order in which people decided */
    size_t                   edge_count;
    struct commands_dispute *disputes;
    size_t                   dispute_count;
    struct policy           *policy; /* that they activate; NULL: none */
    uint64_t                *opened; /* communities whose counted pairs (B1) a human opened */
    size_t                   opened_count;
};

/*
 * Reads the pending commands, the messages they requeue and the identity edges they bring into the arena. DB_BROKEN,
 * too, when a parked message does not open: its key or its place is wrong, which an operator must see.
 */
enum db_status commands_read(struct commands *commands, struct db *db, struct vault *vault, struct arena *arena);

/* Tells the identity batch what people decided, before it takes records. False when memory is out: discard it. */
bool commands_decide(const struct commands *commands, struct identity_batch *identity);

/* True when some are pending; also on failure of the question, so that the next batch finds out. */
bool commands_are_due(struct db *db);

/* Marks them applied in the batch's transaction, and their policy in force. False when the arena is full. */
bool commands_write(const struct commands *commands, struct arena *arena, struct store_batch *rows);

/* After COMMIT: what is objected to from the next batch on, which looks at whoever these records are about. Needs room
 * for commands->dispute_count. */
void commands_merge_disputes(const struct commands *commands, struct disputes *disputes, struct dirty *dirty);

#endif
