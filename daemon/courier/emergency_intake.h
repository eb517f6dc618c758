/* The courier's second Kafka input: the emergency topics; each batch with its alerts and positions in one transaction
 * (RELIABILITY.md A.3). Sends nothing; what it leaves in the outbox is sent by the emergency relay. */
#ifndef HULEI_DAEMON_COURIER_EMERGENCY_INTAKE_H
#define HULEI_DAEMON_COURIER_EMERGENCY_INTAKE_H

#include "daemon/common/blind.h"
#include "daemon/common/config.h"
#include "daemon/common/db.h"
#include "daemon/common/feed/feed.h"
#include "daemon/common/lease.h"
#include "daemon/common/vault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct emergency_intake;

/* Borrowed for the intake's life; all of this thread's own. */
struct emergency_intake_spec {
    const struct config      *config;
    const struct feed_config *feeds;
    const struct policy      *policy;
    const struct blind       *blind;
    struct vault             *vault;
};

/* NULL on failure, with `error` filled. */
struct emergency_intake *emergency_intake_open(const struct emergency_intake_spec *spec, char *error,
                                               size_t error_size);

/* Closing NULL does nothing. */
void emergency_intake_close(struct emergency_intake *intake);

/* False when the configuration has no emergency topic: then there is nothing to read. */
bool emergency_intake_has_topics(const struct emergency_intake *intake);

/*
 * Takes what arrives within `wait_ms` and commits it. *alerts: how many alerts now wait in the outbox.
 * DB_REFUSED: the lease is lost, or somebody else moved the position; stop acting. What was not committed is kept, or
 * read again.
 */
enum db_status emergency_intake_step(struct emergency_intake *intake, struct db *db, struct lease *lease, int wait_ms,
                                     size_t *alerts);

/* Messages in the log that are not taken yet, as last seen. */
int64_t emergency_intake_lag(struct emergency_intake *intake);

#endif
