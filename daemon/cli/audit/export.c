/* The yearly audit's export; see export.h.
 * Opens nothing: entries hold blinded subjects. */
#include "daemon/cli/audit/export.h"

#include <stdio.h>
#include <string.h>

enum { PAGE_ENTRIES = 1000 }; /* as in audit_export.sql */

static enum db_status export_entries(struct db *db, const char *from, const char *to, int64_t *entries)
{
    char           lane[256] = "", seq[24] = "0";
    enum db_status status = DB_OK;
    int            count  = PAGE_ENTRIES;

    while (status == DB_OK && count == PAGE_ENTRIES) {
        PGresult             *page     = NULL;
        const struct db_param params[] = { db_text(from), db_text(to), db_text(lane), db_text(seq) };
        status                         = db_run(db, &statement_audit_export, params, 4, &page);
        count                          = status == DB_OK ? PQntuples(page) : 0;
        for (int row = 0; row < count; row++)
            puts(PQgetvalue(page, row, 2));
        if (count > 0) {
            snprintf(lane, sizeof lane, "%s", PQgetvalue(page, count - 1, 0));
            snprintf(seq, sizeof seq, "%s", PQgetvalue(page, count - 1, 1));
        }
        *entries += count;
        PQclear(page);
    }
    return status;
}

enum db_status audit_export(struct db *db, const char *from, const char *to, int64_t *entries, int64_t *statements)
{
    PGresult             *roots    = NULL;
    const struct db_param params[] = { db_text(from), db_text(to) };

    *entries              = 0;
    *statements           = 0;
    enum db_status status = export_entries(db, from, to, entries);
    if (status == DB_OK)
        status = db_run(db, &statement_audit_export_roots, params, 2, &roots);
    for (int row = 0; status == DB_OK && row < PQntuples(roots); row++, ++*statements)
        puts(PQgetvalue(roots, row, 0));
    PQclear(roots);
    return status;
}
