/* Handlers for what clerks enter: which types, a dry run of records, and ledgers that become sealed outbox rows.
 * The console has no Kafka client: the courier sends them. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_FEEDS_H
#define HULEI_DAEMON_CONSOLE_HTTP_FEEDS_H

#include "daemon/console/http/web.h"

void feeds_types(struct web_request *request, struct web_reply *reply);
void feeds_dry_run(struct web_request *request, struct web_reply *reply);
void feeds_upload(struct web_request *request, struct web_reply *reply);

#endif
