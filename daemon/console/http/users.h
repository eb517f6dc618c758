/* Handlers that make first passwords: a new account, and one that is reset.
 * The password is in the answer once and nowhere else. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_USERS_H
#define HULEI_DAEMON_CONSOLE_HTTP_USERS_H

#include "daemon/console/http/web.h"

void users_add(struct web_request *request, struct web_reply *reply);
void users_reset(struct web_request *request, struct web_reply *reply);

#endif
