/* Search by a whole value, within what the session may see; hits are masked. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_SEARCH_H
#define HULEI_DAEMON_CONSOLE_HTTP_SEARCH_H

#include "daemon/console/http/web.h"

void search_people(struct web_request *request, struct web_reply *reply);

#endif
