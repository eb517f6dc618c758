/* What rule B1 counts, by community, as rows of exposure_count: once a day, for the weekly digest. */
#ifndef HULEI_DAEMON_ENGINE_COUNTED_H
#define HULEI_DAEMON_ENGINE_COUNTED_H

#include "daemon/common/db.h"
#include "daemon/engine/world.h"

/* Counts anew and replaces the rows in one statement; on any failure the rows are as before: try again. */
enum db_status counted_update(struct world *world, const struct policy *policy, int32_t today, struct db *db);

#endif
