/* Exposures as rows: pairs to open or update, pairs that no longer hold, and the load at start. */
#ifndef HULEI_DAEMON_ENGINE_PAIRS_H
#define HULEI_DAEMON_ENGINE_PAIRS_H

#include "daemon/common/db.h"
#include "daemon/engine/batch.h"
#include "daemon/engine/store.h"
#include "matchers/identity/identity.h"
#include "matchers/tier/exposure.h"

/* Tells the exposure index which pairs the table holds, with evidence no computed hash equals: all are put again. */
enum db_status pairs_load(struct exposure_index *index, struct db *db);

/* Adds the rows of one batch's exposures. False when memory is out. */
bool pairs_write(const struct exposure_result *result, const struct identity_result *people,
                 const struct policy *policy, const struct batch *batch, int64_t now_us, struct store_batch *rows);

#endif
