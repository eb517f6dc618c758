/* What operators see of the engine: a row for `hulei status`, and metrics on its Unix socket. */
#ifndef HULEI_DAEMON_ENGINE_STATUS_H
#define HULEI_DAEMON_ENGINE_STATUS_H

#include "daemon/engine/expiry.h"
#include "daemon/engine/pipeline.h"

struct engine_status;

/* Serves the metrics; NULL on failure. `blind` is borrowed: it keys what is shown of blocking keys. Closing NULL does
 * nothing. */
struct engine_status *engine_status_open(const char *socket_path, const struct blind *blind, char *error,
                                         size_t error_size);
void                  engine_status_close(struct engine_status *status);

/* Updates metrics and the role_status row. A failure of the row is not fatal and not logged: the next one tells. */
void engine_status_show(struct engine_status *status, struct db *db, struct kafka_reader *intake, struct world *world,
                        const struct pipeline_totals *totals, const struct expiry *expiry);

#endif
