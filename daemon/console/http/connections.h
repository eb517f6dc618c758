/* Open connections and until when each may live: whoever sends a request drop by drop is cut off, whatever it drips.
 * Knows no HTTP; the server says when something was achieved. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_CONNECTIONS_H
#define HULEI_DAEMON_CONSOLE_HTTP_CONNECTIONS_H

#include <stddef.h>
#include <stdint.h>

enum { CONNECTIONS_MAX = 2048, CONNECTION_STEP_MS = 20000, CONNECTION_STREAM_MS = 11 * 60 * 1000 };

struct connections;

/* NULL when there is no memory. */
struct connections *connections_open(void);
void                connections_close(struct connections *connections);

/* A slot for a socket that was accepted, or -1 when all are taken. */
int connections_add(struct connections *connections, int handle);

/* The slot's connection may live for another `ms`. */
void connections_extend(struct connections *connections, int slot, int64_t ms);

/* The socket is about to be closed. -1 does nothing. */
void connections_remove(struct connections *connections, int slot);

/* Shuts down every connection whose time is over; how many. */
size_t connections_reap(struct connections *connections);

#endif
