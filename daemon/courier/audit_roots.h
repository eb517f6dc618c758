/* Once an hour: a signed statement of where every audit lane stands, into the auditor's topic (by the outbox) and file.
 * Then the key of that hour's entries is forgotten. */
#ifndef HULEI_DAEMON_COURIER_AUDIT_ROOTS_H
#define HULEI_DAEMON_COURIER_AUDIT_ROOTS_H

#include "daemon/common/config.h"
#include "daemon/common/db.h"
#include "daemon/common/lease.h"
#include "daemon/common/sign_key.h"

#define AUDIT_ROOTS_TOPIC "hulei.audit"

/* Signs one when it is due. What follows it may be repeated: a line twice in the file is one. */
enum db_status audit_roots_step(struct db *db, struct lease *lease, const struct config *config, struct sign_key *key);

#endif
