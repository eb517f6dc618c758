/* Rewrapping of data keys; see rotate.h.
 * Opens no value that a data key seals. */
#include "daemon/cli/rotate/rotate.h"

#include "daemon/common/clock.h"
#include "daemon/common/db_array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Roles look at their key folder once a second; what they have read by then they have opened by then. */
enum { GRACE_MS = 3000, POLL_MS = 200 };

static const struct step {
    const struct statement *page, *put;
} steps[] = {
    {&statement_rotate_page,     &statement_rotate_put        },
    { &statement_rotate_factors, &statement_rotate_factors_put},
};

static enum db_status rewrap_rows(struct rotate *rotate, const struct step *step, const PGresult *rows)
{
    struct db_array      ids, keys;
    struct db_param      params[2];
    struct vault_wrapped renewed;
    enum db_status       status = DB_OK;

    db_array_init(&ids, DB_ARRAY_INT8);
    db_array_init(&keys, DB_ARRAY_BYTEA);
    for (int row = 0; row < PQntuples(rows) && status == DB_OK; row++) {
        const int64_t id = db_get_number(rows, row, 0);
        if (vault_data_key_rewrap(rotate->vault, id, db_get_span(rows, row, 1), &renewed) == VAULT_OK) {
            db_array_add_number(&ids, id);
            db_array_add_span(&keys, span_of((const char *)renewed.bytes, renewed.length));
        } else {
            rotate->unreadable = id;
            status             = DB_REFUSED;
        }
    }
    if (status == DB_OK && !(db_array_param(&ids, &params[0]) && db_array_param(&keys, &params[1])))
        status = DB_RETRY;
    if (status == DB_OK)
        status = db_run(rotate->db, step->put, params, 2, NULL);
    db_array_clear(&ids);
    db_array_clear(&keys);
    return status;
}

/* One short transaction; *count rows were rewrapped. */
static enum db_status rewrap_page(struct rotate *rotate, const struct step *step, int *count)
{
    char                  kek[16]    = "";
    PGresult             *rows       = NULL;
    const int64_t         started_ms = clock_monotonic_ms();
    const struct db_param param      = db_text(kek);

    snprintf(kek, sizeof kek, "%d", rotate->kek);
    enum db_status status = db_begin(rotate->db);
    if (status == DB_OK)
        status = db_run_binary(rotate->db, step->page, &param, 1, &rows);
    *count = status == DB_OK ? PQntuples(rows) : 0;
    if (status == DB_OK && *count > 0)
        status = rewrap_rows(rotate, step, rows);
    PQclear(rows);
    if (status == DB_OK)
        status = db_commit(rotate->db);
    else
        db_rollback(rotate->db);
    if (status == DB_OK)
        rotate->rewrapped += *count;
    const int64_t took_ms = clock_monotonic_ms() - started_ms;
    if (took_ms > rotate->longest_ms)
        rotate->longest_ms = took_ms;
    return status;
}

static enum db_status ask_number(struct rotate *rotate, const struct statement *statement, int64_t *number)
{
    char                  kek[16] = "";
    PGresult             *result  = NULL;
    const struct db_param param   = db_text(kek);

    snprintf(kek, sizeof kek, "%d", rotate->kek);
    const enum db_status status = db_run(rotate->db, statement, &param, 1, &result);
    if (status == DB_OK)
        *number = strcmp(PQgetvalue(result, 0, 0), "t") == 0 ? 1 : strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return status;
}

enum db_status rotate_rewrap(struct rotate *rotate)
{
    enum db_status status = DB_OK;

    do {
        for (size_t i = 0; i < sizeof steps / sizeof steps[0] && status == DB_OK; i++) {
            for (int count = 1; count > 0 && status == DB_OK;)
                status = rewrap_page(rotate, &steps[i], &count);
        }
        if (status == DB_OK)
            status = ask_number(rotate, &statement_rotate_left, &rotate->left);
        if (status == DB_OK && rotate->left > 0)
            clock_wait_ms(POLL_MS); /* somebody holds the rest */
    } while (status == DB_OK && rotate->left > 0);
    return status;
}

/* ---- the old key goes out of use ---- */

static enum db_status wait_settled(struct rotate *rotate)
{
    int64_t        is_settled = 0;
    enum db_status status     = DB_OK;

    while (status == DB_OK && is_settled == 0) {
        status = ask_number(rotate, &statement_rotate_settled, &is_settled);
        if (is_settled == 0)
            clock_wait_ms(POLL_MS);
    }
    return status;
}

/* Waits until the transactions that read wrapped keys by now have ended. */
static enum db_status wait_readers(struct rotate *rotate)
{
    PGresult       *now    = NULL;
    struct db_param param  = db_text(NULL);
    enum db_status  status = db_run(rotate->db, &statement_rotate_readers, &param, 1, &now);
    bool            is_any = status == DB_OK && strcmp(PQgetvalue(now, 0, 1), "0") != 0;

    if (status == DB_OK)
        param = db_text(PQgetvalue(now, 0, 0));
    while (status == DB_OK && is_any) {
        PGresult *left = NULL;
        clock_wait_ms(POLL_MS);
        status = db_run(rotate->db, &statement_rotate_readers, &param, 1, &left);
        is_any = status == DB_OK && strcmp(PQgetvalue(left, 0, 1), "0") != 0;
        PQclear(left);
    }
    PQclear(now);
    return status;
}

enum db_status rotate_retire(struct rotate *rotate)
{
    char                  kek[16] = "";
    const struct db_param param   = db_text(kek);

    snprintf(kek, sizeof kek, "%d", rotate->kek);
    clock_wait_ms(GRACE_MS);
    enum db_status status = db_run(rotate->db, &statement_rotate_retire, &param, 1, NULL);
    if (status == DB_OK)
        status = wait_settled(rotate);
    if (status == DB_OK)
        status = rotate_rewrap(rotate);
    if (status == DB_OK)
        status = wait_readers(rotate);
    clock_wait_ms(GRACE_MS);
    return status;
}
