/* The one transaction of a batch; see store.h.
 * One statement per table and batch, never one per row. */
#include "daemon/engine/store.h"

#include "daemon/common/log.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Column types: 2, 4, 8 = integers of that many bytes, t = text, b = bytea, T = timestamptz. */
static const struct layout {
    const struct statement *statement;
    const char             *columns;
} layouts[STORE_TABLE_COUNT] = {
    [STORE_KEYS]             = {&statement_engine_keys_insert,           "8b"              },
    [STORE_RECORDS_NEW]      = { &statement_engine_records_insert,       "822ttT48tb8bb4tb"},
    [STORE_RECORDS_CHANGED]  = { &statement_engine_records_update,       "8tT48tbbb4tb"    },
    [STORE_ENDS]             = { &statement_engine_records_ends,         "84t"             },
    [STORE_HISTORY]          = { &statement_engine_history_insert,       "8T48ttb"         },
    [STORE_EVENTS]           = { &statement_engine_events_insert,        "2b"              },
    [STORE_PERSONS]          = { &statement_engine_persons_put,          "8t8"             },
    [STORE_MENTIONS_GONE]    = { &statement_engine_mentions_delete,      "8"               },
    [STORE_MENTIONS]         = { &statement_engine_mentions_put,         "88228bb"         },
    [STORE_CARDS]            = { &statement_engine_cards_put,            "8bbbbt"          },
    [STORE_MENTIONS_MOVED]   = { &statement_engine_mentions_move,        "88"              },
    [STORE_ALIASES]          = { &statement_engine_aliases_follow,       "8"               },
    [STORE_KEPT]             = { &statement_engine_kept_put,             "88"              },
    [STORE_PERSON_EVENTS]    = { &statement_engine_person_events_insert, "8t8"             },
    [STORE_PLACES_GONE]      = { &statement_engine_places_delete,        "8"               },
    [STORE_PLACES]           = { &statement_engine_places_put,           "8bb8"            },
    [STORE_REFERENCE_GONE]   = { &statement_engine_reference_clear,      "8"               },
    [STORE_CALENDAR]         = { &statement_engine_calendar_put,         "82t44tT48"       },
    [STORE_GRID]             = { &statement_engine_grid_put,             "8ttt44"          },
    [STORE_ROSTER]           = { &statement_engine_roster_put,           "8ttT48"          },
    [STORE_DUTY]             = { &statement_engine_duty_put,             "82ttTTb"         },
    [STORE_PROMISE]          = { &statement_engine_promise_put,          "824T48"          },
    [STORE_TOTALS]           = { &statement_engine_totals_put,           "828t"            },
    [STORE_OBJECTIONS]       = { &statement_engine_objections_take,      "8t2tt2tttttttt"  },
    [STORE_SEALS]            = { &statement_engine_seal,                 "8bt"             },
    [STORE_ERASURES]         = { &statement_engine_erasures_put,         "t48"             },
    [STORE_PAIRS_MOVED]      = { &statement_engine_pairs_move,           "t8888"           },
    [STORE_PAIRS_GONE]       = { &statement_engine_pairs_retract,        "t88"             },
    [STORE_PAIRS]            = { &statement_engine_pairs_put,            "t882tttbtT"      },
    [STORE_FAULTS]           = { &statement_engine_faults_put,           "8t2"             },
    [STORE_PARKED]           = { &statement_engine_parked_insert,        "t482ttttt8bb"    },
    [STORE_HANDED_ON]        = { &statement_engine_handed_on,            "t4888b"          },
    [STORE_RECEIPTS]         = { &statement_engine_receipts_insert,      "ttb"             },
    [STORE_COUNTERS]         = { &statement_engine_counters_add,         "t2t8"            },
    [STORE_COMMANDS_APPLIED] = { &statement_engine_commands_applied,     "8"               },
    [STORE_MODEL]            = { &statement_engine_model_put,            "btt"             },
    [STORE_POLICY]           = { &statement_engine_policy_take,          "t"               },
    [STORE_POLICY_ENDS]      = { &statement_engine_policy_ends,          "t4"              },
    [STORE_AUDIT]            = { &statement_engine_audit_append,         "tbt"             },
    [STORE_OFFSETS]          = { &statement_reader_offset_move,          "t4888b"          },
};

static enum db_array_type type_of(char letter)
{
    switch (letter) {
    case '2':
        return DB_ARRAY_INT2;
    case '4':
        return DB_ARRAY_INT4;
    case '8':
        return DB_ARRAY_INT8;
    case 'b':
        return DB_ARRAY_BYTEA;
    case 'T':
        return DB_ARRAY_TIMESTAMP;
    default:
        assert(letter == 't');
        return DB_ARRAY_TEXT;
    }
}

void store_batch_init(struct store_batch *batch)
{
    memset(batch, 0, sizeof *batch);
    for (size_t t = 0; t < STORE_TABLE_COUNT; t++) {
        struct store_rows *rows = &batch->tables[t];
        rows->column_count      = strlen(layouts[t].columns);
        for (size_t c = 0; c < rows->column_count; c++)
            db_array_init(&rows->columns[c], type_of(layouts[t].columns[c]));
    }
}

void store_batch_reset(struct store_batch *batch)
{
    for (size_t t = 0; t < STORE_TABLE_COUNT; t++) {
        struct store_rows *rows = &batch->tables[t];
        rows->next_column       = 0;
        rows->count             = 0;
        for (size_t c = 0; c < rows->column_count; c++)
            db_array_reset(&rows->columns[c]);
    }
}

void store_batch_clear(struct store_batch *batch)
{
    for (size_t t = 0; t < STORE_TABLE_COUNT; t++) {
        for (size_t c = 0; c < batch->tables[t].column_count; c++)
            db_array_clear(&batch->tables[t].columns[c]);
    }
}

static struct db_array *next_cell(struct store_batch *batch, enum store_table table)
{
    struct store_rows *rows = &batch->tables[table];
    struct db_array   *cell = &rows->columns[rows->next_column++];

    if (rows->next_column == rows->column_count) {
        rows->next_column = 0;
        rows->count++;
    }
    return cell;
}

void store_add_number(struct store_batch *batch, enum store_table table, int64_t value)
{
    db_array_add_number(next_cell(batch, table), value);
}

void store_add_span(struct store_batch *batch, enum store_table table, struct span value)
{
    db_array_add_span(next_cell(batch, table), value);
}

void store_add_text(struct store_batch *batch, enum store_table table, const char *value)
{
    store_add_span(batch, table, span_from_text(value));
}

static enum db_status run_table(struct store_batch *batch, enum store_table table, struct db *db, int *row_count)
{
    struct store_rows *rows = &batch->tables[table];
    struct db_param    params[STORE_COLUMNS_MAX + 1];
    PGresult          *result = NULL;

    assert(rows->next_column == 0);
    for (size_t c = 0; c < rows->column_count; c++) {
        if (!db_array_param(&rows->columns[c], &params[c]))
            return DB_RETRY; /* memory ran out: the batch is built again */
    }
    size_t count = rows->column_count;
    if (table == STORE_OFFSETS)
        params[count++] = db_text(batch->cluster_id);
    const enum db_status status = db_run(db, layouts[table].statement, params, count, &result);
    if (status != DB_OK) {
        log_warning("statement_failed", log_word("statement", layouts[table].statement->name),
                    log_word("sqlstate", db_sqlstate(db)), log_word("constraint", db_constraint(db)));
        return status;
    }
    *row_count = PQntuples(result);
    PQclear(result);
    return DB_OK;
}

static enum db_status write_tables(struct store_batch *batch, struct db *db, bool *is_fenced)
{
    for (size_t t = 0; t < STORE_TABLE_COUNT; t++) {
        int row_count = 0;
        if (batch->tables[t].count == 0)
            continue;
        const enum db_status status = run_table(batch, (enum store_table)t, db, &row_count);
        if (status != DB_OK)
            return status;
        if (t == STORE_OFFSETS && (size_t)row_count != batch->tables[t].count) {
            *is_fenced = true;
            return DB_REFUSED;
        }
    }
    return DB_OK;
}

static enum db_status note_transaction(struct db *db, char xact_id[24], int32_t *backend_pid)
{
    PGresult            *result = NULL;
    const enum db_status status = db_run(db, &statement_engine_xact_id, NULL, 0, &result);

    if (status != DB_OK)
        return status;
    snprintf(xact_id, 24, "%s", PQgetvalue(result, 0, 0));
    *backend_pid = PQbackendPID(db_connection(db));
    PQclear(result);
    return DB_OK;
}

enum db_status store_commit(struct store_batch *batch, struct lease *lease, struct db *db, char xact_id[24],
                            int32_t *backend_pid, bool *is_fenced)
{
    *is_fenced            = false;
    enum db_status status = db_begin(db);
    if (status != DB_OK)
        return status;
    status = lease_check(lease, db);
    if (status == DB_REFUSED)
        *is_fenced = true;
    if (status == DB_OK)
        status = note_transaction(db, xact_id, backend_pid);
    if (status == DB_OK)
        status = write_tables(batch, db, is_fenced);
    if (status == DB_OK)
        return db_commit(db);
    db_rollback(db);
    return status;
}

/* Ends a backend that still sits in the lost transaction, so that the next question has an answer. */
static enum db_status end_backend(struct db *db, int32_t backend_pid)
{
    char pid[16];

    snprintf(pid, sizeof pid, "%d", backend_pid);
    const struct db_param params[] = { db_text(pid) };
    return db_run(db, &statement_engine_end_backend, params, 1, NULL);
}

enum db_status store_outcome(struct db *db, const char *xact_id, int32_t backend_pid)
{
    if (!db_reconnect(db))
        return DB_RETRY;

    const struct db_param params[] = { db_text(xact_id) };
    PGresult             *result   = NULL;
    if (db_run(db, &statement_engine_xact_outcome, params, 1, &result) != DB_OK)
        return DB_RETRY;
    char outcome[16];
    snprintf(outcome, sizeof outcome, "%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    if (strcmp(outcome, "committed") == 0)
        return DB_OK;
    if (strcmp(outcome, "aborted") == 0)
        return DB_REFUSED;
    end_backend(db, backend_pid);
    return DB_RETRY;
}
