/* The HTTP server of the console on a Unix socket: guards, routes, sessions, transactions; nginx is in front of it.
 * What a route does, its statement or handler knows. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_HTTP_H
#define HULEI_DAEMON_CONSOLE_HTTP_HTTP_H

#include "daemon/common/config.h"
#include "daemon/console/sheet.h"

#include <stddef.h>

struct http;

/* Starts its threads and serves; `lent` must outlive it. NULL on failure, with `error` filled. */
struct http *http_serve(const struct config *config, const struct sheet_tools *lent, char *error, size_t error_size);

/* Once a second or so: cuts off what drips. */
void http_tick(struct http *http);

/* Stopping NULL does nothing. Removes the socket. */
void http_stop(struct http *http);

#endif
