/* Which version of a record wins: repeats, late arrivals, ties, withdrawals, seals (FEEDS.md, envelope).
 * Reads the stored versions of the whole batch in four statements, then decides message by message. */
#ifndef HULEI_DAEMON_ENGINE_VERSIONS_H
#define HULEI_DAEMON_ENGINE_VERSIONS_H

#include "daemon/common/blind.h"
#include "daemon/common/db.h"
#include "daemon/engine/batch.h"
#include "daemon/engine/forget.h"
#include "daemon/engine/sources.h"
#include "daemon/engine/store.h"

/* The id counters of the single writer; a batch takes from a copy that is kept only after COMMIT. */
struct engine_counters {
    int64_t next_record, next_person, next_data_key;
};

struct versions {
    struct db                 *db;
    const struct blind        *blind;
    struct vault              *vault;
    const struct source_table *sources;
    struct engine_counters    *counters;
};

/*
 * Decides the outcome of every decoded message and the winner of every record, adds what is to be forgotten; fills the
 * rows of history and events. Only DB_OK and the statuses of db_run() come back; on failure nothing but the batch's
 * memory was touched.
 */
enum db_status versions_decide(const struct versions *versions, struct batch *batch, const struct forget *forget,
                               struct store_batch *rows);

/* Keyed hash of a record's identity, by which it is known when nothing else of it is kept. */
void versions_tombstone(const struct blind *blind, struct span source, enum feed_type type, struct span subject,
                        unsigned char tombstone[BATCH_TOMBSTONE_BYTES]);

/* Opens or makes the record's data key. False when the stored key cannot be opened: tampered, or an unknown master. */
bool versions_open_key(const struct versions *versions, struct batch_record *record, struct store_batch *rows);

#endif
