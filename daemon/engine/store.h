/* Everything one batch writes, as rows of arrays, and the one transaction that writes it (DESIGN.md 4).
 * Computes nothing: the rows are complete before the transaction begins. */
#ifndef HULEI_DAEMON_ENGINE_STORE_H
#define HULEI_DAEMON_ENGINE_STORE_H

#include "daemon/common/db.h"
#include "daemon/common/db_array.h"
#include "daemon/common/lease.h"
#include "matchers/span.h"

#include <stdint.h>

/* In the order in which the transaction runs them. */
enum store_table {
    STORE_KEYS,
    STORE_RECORDS_NEW,
    STORE_RECORDS_CHANGED,
    STORE_ENDS,
    STORE_HISTORY,
    STORE_EVENTS,
    STORE_PERSONS,
    STORE_MENTIONS_GONE,
    STORE_MENTIONS,
    STORE_CARDS,
    STORE_MENTIONS_MOVED,
    STORE_ALIASES,
    STORE_KEPT,
    STORE_PERSON_EVENTS,
    STORE_PLACES_GONE,
    STORE_PLACES,
    STORE_REFERENCE_GONE,
    STORE_CALENDAR,
    STORE_GRID,
    STORE_ROSTER,
    STORE_DUTY,
    STORE_PROMISE,
    STORE_TOTALS,
    STORE_OBJECTIONS,
    STORE_SEALS,
    STORE_ERASURES,
    STORE_PAIRS_MOVED,
    STORE_PAIRS_GONE,
    STORE_PAIRS,
    STORE_FAULTS,
    STORE_PARKED,
    STORE_HANDED_ON,
    STORE_RECEIPTS,
    STORE_COUNTERS,
    STORE_COMMANDS_APPLIED,
    STORE_MODEL,
    STORE_POLICY,
    STORE_POLICY_ENDS,
    STORE_AUDIT,
    STORE_OFFSETS,
    STORE_TABLE_COUNT
};

enum { STORE_COLUMNS_MAX = 16 };

/* One row is being filled at a time: call the adders in the order of the statement's parameters. */
struct store_rows {
    struct db_array columns[STORE_COLUMNS_MAX];
    size_t          column_count;
    size_t          next_column;
    size_t          count; /* complete rows */
};

/* Owns its memory; reused from batch to batch. */
struct store_batch {
    struct store_rows tables[STORE_TABLE_COUNT];
    const char       *cluster_id; /* of Kafka; borrowed */
};

void store_batch_init(struct store_batch *batch);
void store_batch_reset(struct store_batch *batch);
/* Wipes and frees. */
void store_batch_clear(struct store_batch *batch);

void store_add_number(struct store_batch *batch, enum store_table table, int64_t value);
/* The absent span is NULL. */
void store_add_span(struct store_batch *batch, enum store_table table, struct span value);
void store_add_text(struct store_batch *batch, enum store_table table, const char *value);

/*
 * Writes the whole batch in one transaction that first locks and renews the lease. Writing a batch twice leaves the
 * database as writing it once: the feed position is compared before it is moved.
 * DB_RETRY, DB_REFUSED: nothing was written. DB_UNKNOWN: `xact_id` holds the transaction to ask store_outcome() about.
 * DB_REFUSED with *is_fenced = true: the lease is lost or the position moved; this process must stop consuming.
 */
enum db_status store_commit(struct store_batch *batch, struct lease *lease, struct db *db, char xact_id[24],
                            int32_t *backend_pid, bool *is_fenced);

/*
 * After DB_UNKNOWN: reconnects and asks what became of the transaction; a backend still in it is ended first.
 * DB_OK: it was committed. DB_REFUSED: it was not. DB_RETRY: the server does not answer yet, ask again.
 */
enum db_status store_outcome(struct db *db, const char *xact_id, int32_t backend_pid);

#endif
