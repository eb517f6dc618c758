/* Two people at once: who was faster, told to the one who was not. */
#ifndef HULEI_DAEMON_CONSOLE_CONFLICT_H
#define HULEI_DAEMON_CONSOLE_CONFLICT_H

#include "daemon/common/db.h"
#include "daemon/console/protocol.h"
#include "daemon/console/reviewer.h"

#include <jansson.h>

/* New reference. `error` is the code for programs; outside of a transaction. */
json_t *conflict_answer(struct db *db, const struct reviewer *reviewer, const struct request *request,
                        const char *error);

#endif
