/* The handler that shows an alert as its post's view has it; the rest of the inbox is statements. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_INBOX_H
#define HULEI_DAEMON_CONSOLE_HTTP_INBOX_H

#include "daemon/console/http/web.h"

void inbox_show(struct web_request *request, struct web_reply *reply);

#endif
