/* Handlers that unmask: for a person at the console, and for a post's own system known by its client certificate.
 * The database says whether, and writes the look before a value leaves it. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_LOOK_H
#define HULEI_DAEMON_CONSOLE_HTTP_LOOK_H

#include "daemon/console/http/web.h"

void look_at_person(struct web_request *request, struct web_reply *reply);
void look_unmask(struct web_request *request, struct web_reply *reply);

#endif
