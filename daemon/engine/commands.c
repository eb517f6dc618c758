/* The engine's second input; see commands.h.
 * A decision on a pair acts at once through pair_event(); its row only tells the engine that it happened. */
#include "daemon/engine/commands.h"

#include "daemon/common/db_array.h"
#include "daemon/common/feed/feed_parcel.h"
#include "daemon/common/log.h"
#include "daemon/engine/policies.h"
#include "daemon/engine/world.h"

static enum db_status open_parked(struct feed_message *message, const PGresult *result, int row, struct vault *vault,
                                  struct arena *arena)
{
    const struct span sealed = db_get_span(result, row, 6);
    const int64_t     key_id = db_get_number(result, row, 4);
    struct vault_key  key;

    if (sealed.length < VAULT_OVERHEAD_BYTES)
        return DB_BROKEN;
    const size_t   size  = sealed.length - VAULT_OVERHEAD_BYTES;
    unsigned char *plain = arena_alloc(arena, size, 1);
    if (plain == NULL)
        return DB_RETRY;
    enum vault_status status = vault_data_key_open(vault, key_id, db_get_span(result, row, 5), &key);
    if (status == VAULT_OK)
        status = vault_open(vault, &key, "parked", "body", key_id, sealed, plain);
    vault_key_wipe(&key);
    if (status != VAULT_OK)
        return DB_BROKEN;
    *message = (struct feed_message){
        .topic          = arena_copy(arena, db_get_span(result, row, 0)),
        .partition      = (int32_t)db_get_number(result, row, 1),
        .offset         = db_get_number(result, row, 2),
        .append_time_ms = db_get_number(result, row, 3) / 1000,
    };
    return feed_parcel_unpack(span_of((const char *)plain, size), message, arena) ? DB_OK : DB_RETRY;
}

static enum db_status read_requeued(struct commands *commands, struct db *db, struct vault *vault, struct arena *arena)
{
    PGresult      *result = NULL;
    enum db_status status = db_run_binary(db, &statement_engine_parked_requeued, NULL, 0, &result);

    if (status != DB_OK)
        return status;
    commands->requeued = arena_alloc(arena, (size_t)PQntuples(result), sizeof *commands->requeued);
    if (commands->requeued == NULL)
        status = DB_RETRY;
    for (int row = 0; status == DB_OK && row < PQntuples(result); row++)
        status = open_parked(&commands->requeued[commands->requeued_count++], result, row, vault, arena);
    PQclear(result);
    return status;
}

static enum identity_verdict verdict_of(struct span word)
{
    if (span_equals_text(word, "same"))
        return IDENTITY_SAME;
    return span_equals_text(word, "different") ? IDENTITY_DIFFERENT : IDENTITY_UNSURE;
}

/* Runs a statement that takes the commands' ids. */
static enum db_status query(const struct commands *commands, const struct statement *statement, struct db *db,
                            PGresult **result)
{
    struct db_array ids;
    struct db_param param;
    enum db_status  status = DB_RETRY;

    db_array_init(&ids, DB_ARRAY_INT8);
    for (size_t i = 0; i < commands->count; i++)
        db_array_add_number(&ids, commands->ids[i]);
    if (db_array_param(&ids, &param))
        status = db_run_binary(db, statement, &param, 1, result);
    db_array_clear(&ids);
    return status;
}

static enum db_status read_edges(struct commands *commands, struct db *db, struct arena *arena)
{
    PGresult      *result = NULL;
    enum db_status status = query(commands, &statement_engine_commands_identity, db, &result);

    if (status != DB_OK)
        return status;
    const size_t count = (size_t)PQntuples(result);
    commands->edges    = arena_alloc(arena, count, sizeof *commands->edges);
    if (commands->edges == NULL)
        status = DB_RETRY;
    for (size_t i = 0; status == DB_OK && i < count; i++) {
        commands->edges[commands->edge_count++] = (struct commands_edge){
            .mention_a = db_get_number(result, (int)i, 0),
            .mention_b = db_get_number(result, (int)i, 1),
            .verdict   = verdict_of(db_get_span(result, (int)i, 2)),
        };
    }
    PQclear(result);
    return status;
}

static enum db_status read_disputes(struct commands *commands, struct db *db, struct arena *arena)
{
    PGresult      *result = NULL;
    enum db_status status = query(commands, &statement_engine_commands_disputes, db, &result);

    if (status != DB_OK)
        return status;
    const size_t count = (size_t)PQntuples(result);
    commands->disputes = arena_alloc(arena, count, sizeof *commands->disputes);
    if (commands->disputes == NULL)
        status = DB_RETRY;
    for (size_t i = 0; status == DB_OK && i < count; i++) {
        commands->disputes[commands->dispute_count++] = (struct commands_dispute){
            .record_id   = db_get_number(result, (int)i, 0),
            .is_disputed = db_get_number(result, (int)i, 1) != 0,
        };
    }
    PQclear(result);
    return status;
}

/* A policy that this program cannot read is not taken: the one in force stays, and its row says proposed. */
static enum db_status read_policy(struct commands *commands, struct db *db, struct arena *arena)
{
    PGresult      *result = NULL;
    enum db_status status = query(commands, &statement_engine_commands_policy, db, &result);

    if (status != DB_OK)
        return status;
    if (PQntuples(result) > 0) {
        commands->policy = arena_alloc(arena, 1, sizeof *commands->policy);
        if (commands->policy == NULL)
            status = DB_RETRY;
        else if (!policies_read_row(result, commands->policy))
            commands->policy = NULL;
        if (status == DB_OK && commands->policy == NULL)
            log_error("policy_unreadable", log_word("error", "the stored files do not load"));
    }
    PQclear(result);
    return status;
}

bool commands_decide(const struct commands *commands, struct identity_batch *identity)
{
    for (size_t i = 0; i < commands->edge_count; i++) {
        const struct commands_edge *edge = &commands->edges[i];
        if (!identity_batch_decide(identity, edge->mention_a, edge->mention_b, edge->verdict))
            return false;
    }
    return true;
}

enum db_status commands_read(struct commands *commands, struct db *db, struct vault *vault, struct arena *arena)
{
    PGresult      *result = NULL;
    enum db_status status = db_run_binary(db, &statement_engine_commands_pending, NULL, 0, &result);

    *commands = (struct commands){ .ids = NULL };
    if (status != DB_OK)
        return status;
    commands->count  = (size_t)PQntuples(result);
    commands->ids    = arena_alloc(arena, commands->count, sizeof *commands->ids);
    commands->opened = arena_alloc(arena, commands->count, sizeof *commands->opened);
    if (commands->ids == NULL || commands->opened == NULL)
        status = DB_RETRY;
    for (size_t i = 0; status == DB_OK && i < commands->count; i++) {
        const int64_t area = db_get_number(result, (int)i, 1);
        commands->ids[i]   = db_get_number(result, (int)i, 0);
        if (area != 0)
            commands->opened[commands->opened_count++] = (uint64_t)area;
    }
    PQclear(result);
    if (status == DB_OK && commands->count > 0)
        status = read_requeued(commands, db, vault, arena);
    if (status == DB_OK && commands->count > 0)
        status = read_edges(commands, db, arena);
    if (status == DB_OK && commands->count > 0)
        status = read_disputes(commands, db, arena);
    if (status == DB_OK && commands->count > 0)
        status = read_policy(commands, db, arena);
    return status;
}

bool commands_write(const struct commands *commands, struct arena *arena, struct store_batch *rows)
{
    for (size_t i = 0; i < commands->count; i++)
        store_add_number(rows, STORE_COMMANDS_APPLIED, commands->ids[i]);
    return commands->policy == NULL || policies_write_begin(commands->policy, arena, rows);
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

void commands_merge_disputes(const struct commands *commands, struct disputes *disputes, struct dirty *dirty)
{
    for (size_t i = 0; i < commands->dispute_count; i++) {
        disputes_set(disputes, commands->disputes[i].record_id, commands->disputes[i].is_disputed);
        dirty_mark_mention(dirty, world_mention_id(commands->disputes[i].record_id, 0));
    }
}
