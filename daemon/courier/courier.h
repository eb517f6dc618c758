/* The courier: carries what the outbox holds to Kafka, the posts' answers back, and unanswered alerts to the lead.
 * Takes no decision about a person; rows of PostgreSQL tell it everything. */
#ifndef HULEI_DAEMON_COURIER_COURIER_H
#define HULEI_DAEMON_COURIER_COURIER_H

#include "daemon/common/config.h"

/* Runs until SIGTERM or SIGINT; returns the process's exit status. */
int courier_run(const struct config *config);

#endif
