/* The handlers that show alerts as their posts' views have them; the answer is a statement. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_INBOX_H
#define HULEI_DAEMON_CONSOLE_HTTP_INBOX_H

#include "daemon/console/http/web.h"

void inbox_list(struct web_request *request, struct web_reply *reply);
void inbox_show(struct web_request *request, struct web_reply *reply);

#endif
