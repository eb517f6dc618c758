/* From ledger lines to erasures; see erase_replay.h.
 * Every line leaves its tombstone, too: a copy that is sent again after the restore is refused as it was before. */
#include "daemon/cli/erase_replay.h"

#include "daemon/cli/ledger_read.h"
#include "daemon/cli/operator.h"
#include "daemon/common/db_array.h"
#include "daemon/engine/versions.h"

#include <stdio.h>
#include <stdlib.h>

enum { PAGE_ROWS = 5000, SECOND_US = 1000000 };

/* Rows for the one statement that erases: record or 0, tombstone, reason. */
struct page {
    struct db_array records, tombstones, reasons;
};

static void page_init(struct page *page)
{
    db_array_init(&page->records, DB_ARRAY_INT8);
    db_array_init(&page->tombstones, DB_ARRAY_BYTEA);
    db_array_init(&page->reasons, DB_ARRAY_TEXT);
}

static void page_clear(struct page *page)
{
    db_array_clear(&page->records);
    db_array_clear(&page->tombstones);
    db_array_clear(&page->reasons);
}

static void page_add(struct page *page, int64_t record, const struct ledger_line *line)
{
    db_array_add_number(&page->records, record);
    db_array_add_span(&page->tombstones, span_of((const char *)line->tombstone, sizeof line->tombstone));
    db_array_add_span(&page->reasons, span_from_text(line->reason));
}

static enum db_status page_erase(struct page *page, struct db *db)
{
    struct db_param params[3];
    enum db_status  status = DB_OK;

    if (page->records.count == 0)
        return DB_OK;
    if (!db_array_param(&page->records, &params[0]) || !db_array_param(&page->tombstones, &params[1]) ||
        !db_array_param(&page->reasons, &params[2]))
        return DB_RETRY;
    status = db_run(db, &statement_engine_seal, params, 3, NULL);
    db_array_reset(&page->records);
    db_array_reset(&page->tombstones);
    db_array_reset(&page->reasons);
    return status;
}

/* The line of a record that stands in the ledger, unless it came anew after that. */
static const struct ledger_line *line_of(const struct ledger_lines *lines, const struct blind *blind,
                                         const PGresult *result, int row)
{
    unsigned char tombstone[BATCH_TOMBSTONE_BYTES];

    versions_tombstone(blind, db_get_span(result, row, 1), (enum feed_type)db_get_number(result, row, 2),
                       db_get_span(result, row, 3), tombstone);
    const struct ledger_line *line = ledger_find(lines, tombstone);
    return line != NULL && db_get_number(result, row, 4) < (line->at_s + 1) * SECOND_US ? line : NULL;
}

/* One page of records; *last is the highest number seen, *rows how many there were. */
static enum db_status erase_page(struct db *db, const struct ledger_lines *lines, const struct blind *blind,
                                 struct page *page, int64_t *last, int *rows, int64_t *erased)
{
    char      after[24];
    PGresult *result = NULL;

    snprintf(after, sizeof after, "%lld", (long long)*last);
    const struct db_param params[] = { db_text(after) };
    const enum db_status  status   = db_run_binary(db, &statement_erase_records, params, 1, &result);
    if (status != DB_OK)
        return status;
    *rows = PQntuples(result);
    for (int row = 0; row < *rows; row++) {
        const struct ledger_line *line = line_of(lines, blind, result, row);
        *last                          = db_get_number(result, row, 0);
        if (line == NULL)
            continue;
        page_add(page, *last, line);
        (*erased)++;
    }
    PQclear(result);
    return page_erase(page, db);
}

/* Lines without a record leave their tombstone only. */
static enum db_status keep_tombstones(struct db *db, const struct ledger_lines *lines, struct page *page)
{
    enum db_status status = DB_OK;

    for (size_t i = 0; status == DB_OK && i < lines->count; i++) {
        page_add(page, 0, &lines->rows[i]);
        if (page->records.count == PAGE_ROWS || i + 1 == lines->count)
            status = page_erase(page, db);
    }
    return status;
}

static enum db_status run(struct admin *admin, const struct ledger_lines *lines, const struct blind *blind,
                          int64_t *erased)
{
    const struct db_param params[] = { db_text(admin->os_user) };
    struct page           page;
    int64_t               last   = 0;
    int                   rows   = PAGE_ROWS;
    enum db_status        status = db_run(admin->db, &statement_erase_replay, params, 1, NULL);

    page_init(&page);
    while (status == DB_OK && rows == PAGE_ROWS)
        status = erase_page(admin->db, lines, blind, &page, &last, &rows, erased);
    if (status == DB_OK)
        status = keep_tombstones(admin->db, lines, &page);
    page_clear(&page);
    return status;
}

int erase_replay(struct admin *admin, const char *name, const char *ledger_path, const struct blind *blind)
{
    struct ledger_lines lines;
    int64_t             erased = 0;

    if (!ledger_read(ledger_path, &lines)) {
        fprintf(stderr, "hulei %s: the ledger cannot be read, or a line of it is none\n", name);
        return 1;
    }
    enum db_status status = db_begin(admin->db);
    if (status == DB_OK)
        status = run(admin, &lines, blind, &erased);
    const int complaint = status == DB_OK ? 0 : operator_complain(admin, name);
    if (status == DB_OK)
        status = db_commit(admin->db);
    else
        db_rollback(admin->db);
    if (status == DB_OK)
        printf("%zu records stand in the ledger, %lld are forgotten again\n", lines.count, (long long)erased);
    ledger_free(&lines);
    return status == DB_OK ? 0 : complaint != 0 ? complaint : admin_complain(admin, name);
}
