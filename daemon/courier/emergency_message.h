/* One emergency message, from Kafka or from the outbox: decoded, judged, and stored with what follows from it.
 * Reads no topic and ends no transaction. */
#ifndef HULEI_DAEMON_COURIER_EMERGENCY_MESSAGE_H
#define HULEI_DAEMON_COURIER_EMERGENCY_MESSAGE_H

#include "daemon/common/blind.h"
#include "daemon/common/db.h"
#include "daemon/common/feed/feed.h"
#include "daemon/common/vault.h"

#include <stdbool.h>
#include <stdint.h>

/* Borrowed; the arena is reset for each message by whoever reads them. */
struct emergency_message_tools {
    const struct feed_config *feeds;
    const struct policy      *policy;
    const struct blind       *blind;
    struct vault             *vault;
    struct db                *db;
    struct arena             *arena;
};

/* What a transaction did; to be published when it is committed. */
struct emergency_counts {
    int64_t alerts, taken, parked;
};

/* `key_id`: a number nobody has used. DB_REFUSED: the database did not take it, the transaction is lost. */
enum db_status emergency_message_handle(const struct emergency_message_tools *tools, const struct feed_message *message,
                                        int64_t key_id, struct emergency_counts *counts);

/* As above under a savepoint: what the database refuses is parked and takes nothing along. */
enum db_status emergency_message_handle_carefully(const struct emergency_message_tools *tools,
                                                  const struct feed_message *message, int64_t key_id,
                                                  struct emergency_counts *counts);

/* After COMMIT: figures, and a word of what was parked. */
void emergency_counts_publish(const struct emergency_counts *counts);

#endif
