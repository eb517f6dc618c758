/* The policy in force, which is a row of policy_version (DESIGN.md 4): files only propose one.
 * Deliberately without any judgement on a policy: `hulei policy` projects and refuses. */
#ifndef HULEI_DAEMON_ENGINE_POLICIES_H
#define HULEI_DAEMON_ENGINE_POLICIES_H

#include "daemon/common/db.h"
#include "daemon/engine/store.h"
#include "matchers/arena.h"
#include "matchers/tier/policy.h"

/*
 * Makes *policy the one in force. Where none is yet, the files of `directory` are it from now on; where they say
 * something else, that is logged and the one in force stays. DB_BROKEN: the stored one does not load (another program
 * wrote it), or the files do not.
 */
enum db_status policies_open(const char *directory, struct policy *policy, struct db *db);

/* Of a one-row result with version and three files; false when they do not load. */
bool policies_read_row(const PGresult *result, struct policy *policy);

/* From here on this policy is in force. False when the arena is full. */
bool policies_write_begin(const struct policy *policy, struct arena *arena, struct store_batch *rows);

/* The rows that were switched on until a day before `today`; each end is noted once. */
void policies_write_ends(const struct policy *policy, int32_t today, struct store_batch *rows);

#endif
