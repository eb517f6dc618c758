/* What each thread of the pool has of its own: a database connection and an open vault.
 * Connections are never shared, so nothing of one person's request is left for the next one's. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_WORKER_H
#define HULEI_DAEMON_CONSOLE_HTTP_WORKER_H

#include "daemon/common/blind.h"
#include "daemon/common/config.h"
#include "daemon/common/db.h"
#include "daemon/console/sheet.h"

#include <stddef.h>

enum { WORKERS_MAX = 32 };

struct worker {
    struct db         *db;
    struct blind      *blind;
    struct sheet_tools tools;
};

struct workers;

/* Opens `count` workers; `lent` gives language tables and model, which are read only. NULL on failure. */
struct workers *workers_open(const struct config *config, const struct sheet_tools *lent, size_t count, char *error,
                             size_t error_size);
void            workers_close(struct workers *workers);

/* The calling thread's own; the first call takes one. NULL when there are more threads than workers. */
struct worker *workers_mine(struct workers *workers);

#endif
