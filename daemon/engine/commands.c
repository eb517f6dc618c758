/* The engine's second input; see commands.h.
 * A decision on a pair acts at once through pair_event(); its row only tells the engine that it happened. */
#include "daemon/engine/commands.h"

#include "daemon/common/db_array.h"

enum db_status commands_read(struct commands *commands, struct db *db, struct arena *arena)
{
    PGresult      *result = NULL;
    enum db_status status = db_run_binary(db, &statement_engine_commands_pending, NULL, 0, &result);

    if (status != DB_OK)
        return status;
    commands->count = (size_t)PQntuples(result);
    commands->ids   = arena_alloc(arena, commands->count, sizeof *commands->ids);
    if (commands->ids == NULL)
        status = DB_RETRY;
    for (size_t i = 0; status == DB_OK && i < commands->count; i++)
        commands->ids[i] = db_get_number(result, (int)i, 0);
    PQclear(result);
    return status;
}

bool commands_write(const struct commands *commands, struct store_batch *rows)
{
    for (size_t i = 0; i < commands->count; i++)
        store_add_number(rows, STORE_COMMANDS_APPLIED, commands->ids[i]);
    return true;
}

bool commands_are_due(struct db *db)
{
    PGresult *result = NULL;

    if (db_run_binary(db, &statement_engine_commands_due, NULL, 0, &result) != DB_OK)
        return true;
    const bool are_due = db_get_number(result, 0, 0) != 0;
    PQclear(result);
    return are_due;
}
