/* Leadership by a row (DESIGN.md 3): exactly one engine and one courier act at a time.
 * Every transaction of the leader calls lease_check() first; nothing else fences a stopped process. */
#ifndef HULEI_DAEMON_COMMON_LEASE_H
#define HULEI_DAEMON_COMMON_LEASE_H

#include "daemon/common/db.h"

#include <stdbool.h>
#include <stdint.h>

struct lease {
    const char *role;      /* "engine" or "courier" */
    char        owner[64]; /* host:pid:random, unique per process start */
    int64_t     fence;     /* 0: not held */
};

void lease_init(struct lease *lease, const char *role);

/*
 * Tries to take the lease in a transaction of its own. It is free when nobody holds it, when the owner's backend is
 * gone, or when it was not renewed for 10 s by the database clock; the old backend is ended first.
 * DB_OK and fence > 0: held. DB_OK and fence == 0: somebody else holds it, try again in a second.
 */
enum db_status lease_acquire(struct lease *lease, struct db *db);

/* One look of a standby: true when the lease is held now. Else it has tried to reconnect, if that was it, and waited
 * `wait_ms`. */
bool lease_try(struct lease *lease, struct db *db, int wait_ms);

/* Inside the caller's open transaction: locks and renews the row. DB_REFUSED: the lease is lost; roll back and stop. */
enum db_status lease_check(struct lease *lease, struct db *db);

/* Gives the lease up at a clean stop, so that a standby need not wait. Errors are ignored. */
void lease_release(struct lease *lease, struct db *db);

#endif
