/* Findings out of PostgreSQL; see evaluate_db.h.
 * Read only, one statement after the other: evaluate a system at rest. */
#include "daemon/cli/evaluate/evaluate_db.h"

#include "daemon/common/db.h"
#include "daemon/common/feed/feed.h"

#include <stdio.h>
#include <stdlib.h>

static bool take_mentions(struct evaluation *evaluation, const PGresult *rows)
{
    for (int i = 0; i < PQntuples(rows); i++) {
        const enum feed_type type = (enum feed_type)strtol(PQgetvalue(rows, i, 2), NULL, 10);
        if (type <= FEED_TYPE_NONE || type >= FEED_TYPE_COUNT ||
            !evaluation_put_found(evaluation, PQgetvalue(rows, i, 0), PQgetvalue(rows, i, 1), feed_type_word(type),
                                  PQgetvalue(rows, i, 3), PQgetvalue(rows, i, 4)))
            return false;
    }
    return true;
}

static bool take_pairs(struct evaluation *evaluation, const PGresult *rows)
{
    evaluation->has_found_pairs = true;
    for (int i = 0; i < PQntuples(rows); i++) {
        const struct found_pair pair = { .child   = PQgetvalue(rows, i, 0),
                                         .risk    = PQgetvalue(rows, i, 1),
                                         .tier    = (int)strtol(PQgetvalue(rows, i, 2), NULL, 10),
                                         .rule    = PQgetvalue(rows, i, 3),
                                         .subject = PQgetvalue(rows, i, 4),
                                         .unit    = PQgetvalue(rows, i, 5) };
        if (!evaluation_put_found_pair(evaluation, &pair))
            return false;
    }
    return true;
}

static bool take_counts(struct evaluation *evaluation, const PGresult *rows)
{
    for (int i = 0; i < PQntuples(rows); i++) {
        if (!evaluation_put_found_count(evaluation, PQgetvalue(rows, i, 0), strtoul(PQgetvalue(rows, i, 1), NULL, 10)))
            return false;
    }
    return true;
}

bool evaluation_read_database(struct evaluation *evaluation, const char *conninfo, char *fault, size_t fault_size)
{
    PGresult  *mentions = NULL, *pairs = NULL, *counts = NULL;
    struct db *db = db_open(conninfo, "hulei evaluate", fault, fault_size);

    if (db == NULL)
        return false;

    bool is_ok = db_run(db, &statement_evaluate_mentions, NULL, 0, &mentions) == DB_OK &&
                 db_run(db, &statement_evaluate_pairs, NULL, 0, &pairs) == DB_OK &&
                 db_run(db, &statement_evaluate_counted, NULL, 0, &counts) == DB_OK;
    if (!is_ok) {
        snprintf(fault, fault_size, "the database refused the question (SQLSTATE %s)", db_sqlstate(db));
    } else if (!take_mentions(evaluation, mentions) || !take_pairs(evaluation, pairs) ||
               !take_counts(evaluation, counts)) {
        snprintf(fault, fault_size, "the database holds a row that cannot be read, or memory is out");
        is_ok = false;
    }
    PQclear(mentions);
    PQclear(pairs);
    PQclear(counts);
    db_close(db);
    return is_ok;
}
