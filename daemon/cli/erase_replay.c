/* From ledger lines to erasures; see erase_replay.h.
 * Both sides as sorted hashes in memory: a ledger of a million lines is 32 MB. */
#include "daemon/cli/erase_replay.h"

#include "daemon/cli/operator.h"
#include "daemon/common/blind.h"
#include "daemon/common/db_array.h"
#include "daemon/engine/versions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 160, PAGE_ROWS = 5000 };

struct hashes {
    unsigned char (*rows)[BATCH_TOMBSTONE_BYTES];
    size_t count, capacity;
};

static int compare_hashes(const void *a, const void *b)
{
    return memcmp(a, b, BATCH_TOMBSTONE_BYTES);
}

static bool add_hash(struct hashes *hashes, const char *hex)
{
    if (hashes->count == hashes->capacity) {
        const size_t capacity = hashes->capacity * 2 + 1024;
        void        *grown    = realloc(hashes->rows, capacity * sizeof *hashes->rows);
        if (grown == NULL)
            return false;
        hashes->rows     = grown;
        hashes->capacity = capacity;
    }
    unsigned char *row = hashes->rows[hashes->count];
    for (int i = 0; i < BATCH_TOMBSTONE_BYTES; i++) {
        unsigned byte = 0;
        if (sscanf(hex + 2 * i, "%2x", &byte) != 1)
            return false;
        row[i] = (unsigned char)byte;
    }
    hashes->count++;
    return true;
}

/* A line is "<time> <reason> <hash>"; a last line that a crash cut short is passed over. */
static bool read_ledger(const char *path, struct hashes *hashes)
{
    char  line[LINE_BYTES];
    FILE *file  = fopen(path, "r");
    bool  is_ok = file != NULL;

    while (is_ok && fgets(line, sizeof line, file) != NULL) {
        const char *hash = strrchr(line, ' ');
        if (hash != NULL && strlen(hash + 1) == 2 * BATCH_TOMBSTONE_BYTES + 1)
            is_ok = add_hash(hashes, hash + 1);
    }
    if (file != NULL)
        fclose(file);
    qsort(hashes->rows, hashes->count, sizeof *hashes->rows, compare_hashes);
    return is_ok;
}

static bool is_ledgered(const struct hashes *hashes, const struct blind *blind, const PGresult *result, int row)
{
    unsigned char tombstone[BATCH_TOMBSTONE_BYTES];

    versions_tombstone(blind, db_get_span(result, row, 1), (enum feed_type)db_get_number(result, row, 2),
                       db_get_span(result, row, 3), tombstone);
    return bsearch(tombstone, hashes->rows, hashes->count, sizeof *hashes->rows, compare_hashes) != NULL;
}

/* One page of records; *last is the highest number seen. */
static enum db_status find_page(struct admin *admin, const struct hashes *hashes, const struct blind *blind,
                                int64_t *last, int *rows, struct db_array *found)
{
    char      after[24];
    PGresult *result = NULL;

    snprintf(after, sizeof after, "%lld", (long long)*last);
    const struct db_param params[] = { db_text(after) };
    const enum db_status  status   = db_run_binary(admin->db, &statement_erase_records, params, 1, &result);
    if (status != DB_OK)
        return status;
    *rows = PQntuples(result);
    for (int row = 0; row < *rows; row++) {
        *last = db_get_number(result, row, 0);
        if (is_ledgered(hashes, blind, result, row))
            db_array_add_number(found, *last);
    }
    PQclear(result);
    return DB_OK;
}

static enum db_status replay(struct admin *admin, const struct hashes *hashes, const struct blind *blind)
{
    struct db_array found;
    struct db_param params[2] = { db_text(admin->os_user) };
    PGresult       *result    = NULL;
    int64_t         last      = 0;
    int             rows      = PAGE_ROWS;
    enum db_status  status    = DB_OK;

    db_array_init(&found, DB_ARRAY_INT8);
    while (status == DB_OK && rows == PAGE_ROWS)
        status = find_page(admin, hashes, blind, &last, &rows, &found);
    if (status == DB_OK)
        status = db_array_param(&found, &params[1]) ? db_run(admin->db, &statement_erase_replay, params, 2, &result)
                                                    : DB_RETRY;
    if (status == DB_OK)
        printf("%zu ledger lines, %s records are forgotten again\n", hashes->count, PQgetvalue(result, 0, 0));
    PQclear(result);
    db_array_clear(&found);
    return status;
}

int erase_replay(struct admin *admin, const char *ledger_path)
{
    char          error[256];
    struct hashes hashes = { NULL, 0, 0 };
    struct blind *blind  = blind_open_directory(admin->config->engine.keys, error, sizeof error);
    int           status = 1;

    if (blind == NULL)
        fprintf(stderr, "hulei erase: %s\n", error);
    else if (!read_ledger(ledger_path, &hashes))
        fputs("hulei erase: the ledger cannot be read\n", stderr);
    else if (replay(admin, &hashes, blind) != DB_OK)
        operator_complain(admin, "erase");
    else
        status = 0;
    free(hashes.rows);
    blind_close(blind);
    return status;
}
