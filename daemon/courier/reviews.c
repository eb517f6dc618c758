/* Late reviews; see reviews.h.
 * Knows no tier and no time: both are rows. */
#include "daemon/courier/reviews.h"

#include "daemon/common/db_array.h"
#include "daemon/common/log.h"
#include "daemon/courier/courier_metrics.h"

#include <stdio.h>

enum { REVIEWS_MAX = 200 };

static void note(const PGresult *result, bool *has_more)
{
    const int64_t escalated = db_get_number(result, 0, 0);
    const int64_t reopened  = db_get_number(result, 0, 1);

    courier_count(COURIER_REVIEWS_ESCALATED, escalated);
    courier_count(COURIER_REVIEWS_DUE_AGAIN, reopened);
    if (escalated > 0)
        log_warning("reviews_escalated", log_number("tasks", escalated));
    if (reopened > 0)
        log_info("reviews_due_again", log_number("pairs", reopened));
    *has_more = db_get_number(result, 0, 2) >= REVIEWS_MAX;
}

enum db_status reviews_step(struct db *db, struct lease *lease, bool *has_more)
{
    char           limit[16];
    PGresult      *result = NULL;
    enum db_status status = db_begin(db);

    *has_more = false;
    snprintf(limit, sizeof limit, "%d", REVIEWS_MAX);
    const struct db_param param = db_text(limit);
    if (status == DB_OK)
        status = lease_check(lease, db);
    if (status == DB_OK)
        status = db_run_binary(db, &statement_courier_reviews, &param, 1, &result);
    if (status == DB_OK)
        status = db_commit(db);
    else
        db_rollback(db);
    if (status == DB_OK)
        note(result, has_more);
    PQclear(result);
    return status == DB_UNKNOWN ? DB_RETRY : status;
}
