/* Objections and corrections as rows: who says that which record is wrong, and what its owner ruled (DOMAIN.md C.3).
 * What follows from them is SQL's (sql/deploy/objection.sql). */
#ifndef HULEI_DAEMON_ENGINE_OBJECTIONS_H
#define HULEI_DAEMON_ENGINE_OBJECTIONS_H

#include "daemon/engine/batch.h"
#include "daemon/engine/store.h"

/* Adds the winners of the two feeds, and their withdrawals. */
void objections_write(const struct batch *batch, struct store_batch *rows);

#endif
