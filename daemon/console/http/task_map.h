/* The map of a claimed task: the points of both sides with their uncertainty, and what the address library has around.
 */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_TASK_MAP_H
#define HULEI_DAEMON_CONSOLE_HTTP_TASK_MAP_H

#include "daemon/console/http/web.h"

void task_map_show(struct web_request *request, struct web_reply *reply);

#endif
