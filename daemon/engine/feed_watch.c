/* Silent feeds and control totals; see feed_watch.h.
 * Counting records is dear, so that is done every few minutes only. */
#include "daemon/engine/feed_watch.h"

#include "daemon/common/clock.h"
#include "daemon/common/db_array.h"

enum { GAPS_EVERY_MS = 5 * 60 * 1000 };

static void ask(struct db *db, const struct statement *statement, int64_t *figure)
{
    PGresult *result = NULL;

    if (db_run_binary(db, statement, NULL, 0, &result) == DB_OK && PQntuples(result) == 1)
        *figure = db_get_number(result, 0, 0);
    PQclear(result);
}

void feed_watch_look(struct feed_watch *watch, struct db *db)
{
    const int64_t now_ms = clock_monotonic_ms();

    ask(db, &statement_engine_feeds_silent, &watch->silent);
    if (watch->gaps_at_ms > 0 && now_ms < watch->gaps_at_ms)
        return;
    watch->gaps_at_ms = now_ms + GAPS_EVERY_MS;
    ask(db, &statement_engine_feed_gaps, &watch->gaps);
}
