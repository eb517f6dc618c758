/* Handlers of the review desk that show persons: the sheet of a task the caller has claimed.
 * Everything else of the desk is a statement of its route. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_DESK_H
#define HULEI_DAEMON_CONSOLE_HTTP_DESK_H

#include "daemon/console/http/web.h"

void desk_sheet(struct web_request *request, struct web_reply *reply);

void desk_views(struct web_request *request, struct web_reply *reply);

#endif
