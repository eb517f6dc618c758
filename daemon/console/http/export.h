/* The handler that lets a table of the overview leave as CSV; the database marks, limits and records it. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_EXPORT_H
#define HULEI_DAEMON_CONSOLE_HTTP_EXPORT_H

#include "daemon/console/http/web.h"

void export_csv(struct web_request *request, struct web_reply *reply);

#endif
