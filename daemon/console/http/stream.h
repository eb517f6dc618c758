/* The route of live events: who may have a stream; what flows in it is events.h's. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_STREAM_H
#define HULEI_DAEMON_CONSOLE_HTTP_STREAM_H

#include "daemon/console/http/web.h"

void stream_open(struct web_request *request, struct web_reply *reply);

#endif
