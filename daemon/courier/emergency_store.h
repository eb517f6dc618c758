/* One emergency message in the database: taken, or parked; and the receipt for its sender.
 * Begins and ends no transaction. */
#ifndef HULEI_DAEMON_COURIER_EMERGENCY_STORE_H
#define HULEI_DAEMON_COURIER_EMERGENCY_STORE_H

#include "daemon/common/blind.h"
#include "daemon/common/db.h"
#include "daemon/common/feed/feed.h"
#include "daemon/common/vault.h"
#include "daemon/courier/emergency_case.h"

#include <stdbool.h>
#include <stdint.h>

struct emergency_store {
    struct vault       *vault;
    const struct blind *blind;
    struct db          *db;
    struct arena       *arena;
};

/* What of a message goes into the store; `key_id` is a number nobody has used. */
struct emergency_input {
    const struct feed_message *message;
    const struct feed_record  *record;
    int64_t                    key_id;
};

/* *alerted: posts are told. */
enum db_status emergency_store_take(const struct emergency_store *store, const struct emergency_input *input,
                                    const struct emergency_case *taken, bool *alerted);

/* `is_sealed`: the body is dropped, only the receipt tells. */
enum db_status emergency_store_park(const struct emergency_store *store, const struct emergency_input *input,
                                    const struct feed_fault *fault, bool is_sealed);

#endif
