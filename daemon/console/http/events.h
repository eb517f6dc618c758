/* Live events (text/event-stream): one thread listens to the database and tells every stream that something changed,
 * never what of whom. A lost notification costs nothing: clients ask again by themselves. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_EVENTS_H
#define HULEI_DAEMON_CONSOLE_HTTP_EVENTS_H

#include "daemon/console/http/web.h"

#include <microhttpd.h>
#include <stddef.h>

enum { EVENTS_STREAMS_MAX = 512, EVENTS_STREAMS_OF_ACCOUNT_MAX = 6, EVENTS_PING_MS = 15000 };

struct events;

/* `conninfo`: of the console's role. NULL on failure. */
struct events *events_open(const char *conninfo, char *error, size_t error_size);

/* Ends every stream, then the thread; call before the HTTP server stops. */
void events_stop(struct events *events);
/* After the HTTP server has stopped. */
void events_close(struct events *events);

/* A response that lives as a stream of this session; NULL when there are too many. */
struct MHD_Response *events_stream(struct events *events, struct MHD_Connection *connection,
                                   const struct web_session *session, const char *token);

#endif
