/* A reviewer's answer to the identity question of a task: same, different, unsure. */
#ifndef HULEI_DAEMON_CONSOLE_IDENTITY_H
#define HULEI_DAEMON_CONSOLE_IDENTITY_H

#include "daemon/common/db.h"
#include "daemon/console/protocol.h"
#include "daemon/console/reviewer.h"

/* Decides and commits in one transaction; the engine applies it soon after. `task_id`: of the row, not the public id.
 */
json_t *identity_answer(struct db *db, const struct reviewer *reviewer, const struct request *request,
                        const char *task_id);

#endif
