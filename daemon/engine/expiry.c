/* One turn of the expiry engine; see expiry.h. */
#include "daemon/engine/expiry.h"

#include "daemon/common/db_array.h"
#include "daemon/common/log.h"
#include "daemon/engine/ledger.h"

static const char records_per_turn[] = "200";

bool expiry_run(struct expiry *expiry, const char *ledger_path, struct db *db)
{
    const struct db_param params[] = { db_text(records_per_turn) };
    PGresult             *result   = NULL;

    expiry->is_unledgered = !ledger_run(ledger_path, db);
    if (db_run_binary(db, &statement_engine_expiry_turn, params, 1, &result) != DB_OK) {
        log_warning("expiry_failed", log_word("sqlstate", db_sqlstate(db)));
        return false;
    }
    expiry->asked += db_get_number(result, 0, 0);
    expiry->purged += db_get_number(result, 0, 1);
    expiry->debt     = db_get_number(result, 0, 2);
    expiry->shift_us = db_get_number(result, 0, 3);
    PQclear(result);
    return true;
}
