/* A set of record ids; see disputes.h. */
#include "daemon/engine/disputes.h"

#include "daemon/common/db_array.h"

#include <assert.h>

void disputes_init(struct disputes *disputes, struct pool_memory *memory)
{
    keymap_init(&disputes->records, memory);
}

void disputes_clear(struct disputes *disputes)
{
    keymap_clear(&disputes->records);
}

bool disputes_hold(const struct disputes *disputes, int64_t record_id)
{
    return keymap_first(&disputes->records, 0, (uint64_t)record_id) != NULL;
}

bool disputes_reserve(struct disputes *disputes, size_t count)
{
    return keymap_reserve(&disputes->records, count);
}

void disputes_set(struct disputes *disputes, int64_t record_id, bool is_disputed)
{
    const bool is_held = disputes_hold(disputes, record_id);

    if (is_disputed && !is_held) {
        const bool is_in = keymap_insert(&disputes->records, 0, (uint64_t)record_id, 1);
        assert(is_in);
        (void)is_in;
    }
    if (!is_disputed && is_held)
        keymap_remove(&disputes->records, 0, (uint64_t)record_id, 1);
}

enum db_status disputes_load(struct disputes *disputes, struct db *db)
{
    PGresult      *result = NULL;
    enum db_status status = db_run_binary(db, &statement_engine_load_disputes, NULL, 0, &result);

    if (status != DB_OK)
        return status;
    if (!disputes_reserve(disputes, (size_t)PQntuples(result)))
        status = DB_RETRY;
    for (int row = 0; status == DB_OK && row < PQntuples(result); row++)
        disputes_set(disputes, db_get_number(result, row, 0), true);
    PQclear(result);
    return status;
}
