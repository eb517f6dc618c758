/* Mass withdrawals: a feed that takes back more of its records in a day than the settings allow is held (RELIABILITY.md
 * F 22). The rest is parked, encrypted, until two persons release it. */
#ifndef HULEI_DAEMON_ENGINE_GUARD_H
#define HULEI_DAEMON_ENGINE_GUARD_H

#include "daemon/common/db.h"
#include "daemon/engine/batch.h"

/*
 * Refuses the withdrawals beyond what each source has left, in the batch's order. Call it when the stored versions are
 * known and before anything is decided.
 */
enum db_status guard_withdrawals(struct batch *batch, struct db *db);

#endif
