/* The expiry engine's turn (DOMAIN.md C.1, D "never gets off the list"): what has ended is asked to be forgotten, a
 * part at a time, and the ledger of what was forgotten goes to disk. The decisions are SQL's (sql/deploy/expiry.sql).
 */
#ifndef HULEI_DAEMON_ENGINE_EXPIRY_H
#define HULEI_DAEMON_ENGINE_EXPIRY_H

#include "daemon/common/db.h"

#include <stdbool.h>
#include <stdint.h>

struct expiry {
    int64_t asked, purged; /* since the process leads */
    int64_t debt;          /* rows past their time as last counted; must be 0 */
    int64_t shift_us;      /* of the deciding clock from the true one */
    bool    is_unledgered; /* the ledger could not be written */
};

/* One turn; false when PostgreSQL did not answer it. */
bool expiry_run(struct expiry *expiry, const char *ledger_path, struct db *db);

#endif
