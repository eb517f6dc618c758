/* The erasure ledger; see ledger.h.
 * Deliberately after COMMIT and from a table, as with the broker's erasures. */
#include "daemon/engine/ledger.h"

#include "daemon/common/db_array.h"
#include "daemon/common/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* True when every line is on disk. */
static bool append_lines(const char *path, const PGresult *result)
{
    const int file   = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    FILE     *stream = file >= 0 ? fdopen(file, "a") : NULL;

    if (stream == NULL) {
        if (file >= 0)
            close(file);
        return false;
    }
    for (int row = 0; row < PQntuples(result); row++)
        fprintf(stream, "%s %s %s\n", PQgetvalue(result, row, 1), PQgetvalue(result, row, 2),
                PQgetvalue(result, row, 3));
    bool is_done = fflush(stream) == 0 && fsync(file) == 0;
    is_done      = fclose(stream) == 0 && is_done;
    return is_done;
}

static void note_lines(const PGresult *result, struct db *db)
{
    struct db_array ids;
    struct db_param param;

    db_array_init(&ids, DB_ARRAY_INT8);
    for (int row = 0; row < PQntuples(result); row++)
        db_array_add_number(&ids, strtoll(PQgetvalue(result, row, 0), NULL, 10));
    if (db_array_param(&ids, &param))
        db_run(db, &statement_engine_ledger_done, &param, 1, NULL);
    db_array_clear(&ids);
}

bool ledger_run(const char *path, struct db *db)
{
    PGresult *result = NULL;

    if (db_run(db, &statement_engine_ledger_due, NULL, 0, &result) != DB_OK)
        return true; /* a lost connection is another's matter */
    const bool is_done = PQntuples(result) == 0 || append_lines(path, result);
    if (is_done && PQntuples(result) > 0)
        note_lines(result, db);
    else if (!is_done)
        log_error("erasure_ledger", log_word("error", "cannot_be_written"));
    PQclear(result);
    return is_done;
}
