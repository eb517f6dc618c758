/* The world out of the database; see world.h.
 * Rows come one by one over one connection; all cores open what is sealed, and the indexes are filled in row order. */
#include "daemon/engine/world.h"

#include "daemon/common/log.h"
#include "daemon/common/stream.h"
#include "daemon/engine/facts_make.h"

#include <endian.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_ROWS = 512, LOAD_THREADS_MAX = 8 };

/* Rows of one thread on their way. */
struct chunk {
    struct vault *vault;
    PGresult     *rows[CHUNK_ROWS];
    size_t        count;
    void         *values; /* what the rows say, opened */
};

/* What is loaded by one statement. */
struct load_step {
    const struct statement *statement;
    size_t                  value_bytes;
    /* Reads a row into a value, on any thread. */
    bool (*open)(const struct world_tools *tools, struct vault *vault, const PGresult *row, void *value);
    /* Puts values in their order. */
    bool (*put)(struct world *world, const void *values, size_t count);
};

struct loading {
    struct world           *world;
    struct db              *db;
    const struct load_step *step;
    enum db_status          status;
    struct chunk            chunks[LOAD_THREADS_MAX];
};

/* Opens one sealed column under its wrapped key into a value of exactly `size` bytes. */
static bool open_value(struct vault *vault, int64_t key_id, struct span wrapped, const char *table, const char *column,
                       int64_t row, struct span sealed, void *value, size_t size)
{
    struct vault_key key;
    bool             is_open = false;

    if (sealed.length != vault_sealed_size(size))
        return false;
    if (vault_data_key_open(vault, key_id, wrapped, &key) == VAULT_OK)
        is_open = vault_open(vault, &key, table, column, row, sealed, value) == VAULT_OK;
    vault_key_wipe(&key);
    if (!is_open)
        log_error("sealed_value_unreadable", log_word("table", table), log_word("column", column),
                  log_number("row", row));
    return is_open;
}

/* ---- facts ---- */

static bool open_facts(const struct world_tools *tools, struct vault *vault, const PGresult *row, void *value)
{
    struct record_facts *facts  = value;
    const struct span    sealed = db_get_span(row, 0, 3);
    const size_t         size   = sealed.length > VAULT_OVERHEAD_BYTES ? sealed.length - VAULT_OVERHEAD_BYTES : 0;

    (void)tools;
    return size >= offsetof(struct record_facts, residences) && size <= sizeof *facts &&
           open_value(vault, db_get_number(row, 0, 1), db_get_span(row, 0, 2), "record", "facts",
                      db_get_number(row, 0, 0), sealed, facts, size) &&
           facts->version == FACTS_VERSION && size == facts_bytes(facts);
}

static bool put_facts(struct world *world, const void *values, size_t count)
{
    const struct record_facts *facts = values;

    for (size_t i = 0; i < count; i++) {
        if (!facts_are_kept(&facts[i]))
            continue;
        if (!world_reserve_facts(world, facts[i].record_id, 1, facts[i].residence_count))
            return false;
        world_put_facts(world, &facts[i]);
    }
    return true;
}

/* ---- mentions ---- */

static bool open_mention(const struct world_tools *tools, struct vault *vault, const PGresult *row, void *value)
{
    const int64_t         mention_id = db_get_number(row, 0, 0);
    const int16_t         source_id  = (int16_t)db_get_number(row, 0, 1);
    uint64_t              canonical  = 0;
    struct identity_item *item       = value;

    memcpy(&canonical, db_get_span(row, 0, 3).bytes, sizeof canonical);
    item->mention_id = mention_id;
    item->canonical  = be64toh(canonical);
    item->sole_group = sources_sole_group(tools->sources, source_id, world_slot_of(mention_id));
    item->person_id  = db_get_number(row, 0, 2);
    return open_value(vault, db_get_number(row, 0, 4), db_get_span(row, 0, 5), "mention", "features", mention_id,
                      db_get_span(row, 0, 6), &item->features, sizeof item->features) &&
           identity_item_prepare(tools->language, tools->model, item);
}

static bool put_mentions(struct world *world, const void *values, size_t count)
{
    return identity_index_load(world_identity(world), values, count);
}

/* ---- places ---- */

struct loaded_place {
    int64_t             record_id;
    struct stored_place stored;
};

static bool open_place(const struct world_tools *tools, struct vault *vault, const PGresult *row, void *value)
{
    struct loaded_place *place = value;

    (void)tools;
    place->record_id = db_get_number(row, 0, 0);
    return open_value(vault, db_get_number(row, 0, 1), db_get_span(row, 0, 2), "place", "features", place->record_id,
                      db_get_span(row, 0, 3), &place->stored, sizeof place->stored);
}

/* Places are loaded before anybody lives in them. */
static void visit_nobody(void *context, uint64_t resident, bool by_group)
{
    (void)context, (void)resident, (void)by_group;
}

static bool put_places(struct world *world, const void *values, size_t count)
{
    const struct loaded_place *places = values;

    for (size_t i = 0; i < count; i++) {
        const struct stored_place *stored = &places[i].stored;
        const uint64_t             id     = (uint64_t)places[i].record_id;

        if (!place_index_put(world_places(world), id, &stored->address, !isnan(stored->lon), stored->lon,
                             stored->lat) ||
            !place_reach_put_place(world_reach(world), id, &stored->address, visit_nobody, NULL))
            return false;
    }
    return true;
}

/* ---- decisions ---- */

struct loaded_decision {
    int64_t               mention_a, mention_b;
    enum identity_verdict verdict;
};

static bool open_decision(const struct world_tools *tools, struct vault *vault, const PGresult *row, void *value)
{
    const struct span verdict = db_get_span(row, 0, 2);

    (void)tools;
    (void)vault;
    *(struct loaded_decision *)value = (struct loaded_decision){
        db_get_number(row, 0, 0),
        db_get_number(row, 0, 1),
        span_equals_text(verdict, "same")        ? IDENTITY_SAME
        : span_equals_text(verdict, "different") ? IDENTITY_DIFFERENT
        : span_equals_text(verdict, "kept")      ? IDENTITY_KEPT
                                                 : IDENTITY_UNSURE,
    };
    return true;
}

static bool put_decisions(struct world *world, const void *values, size_t count)
{
    const struct loaded_decision *decisions = values;

    for (size_t i = 0; i < count; i++) {
        if (!identity_decide(world_identity(world), decisions[i].mention_a, decisions[i].mention_b,
                             decisions[i].verdict))
            return false;
    }
    return true;
}

/* ---- the steps of a chunk ---- */

static void clear_rows(struct chunk *chunk)
{
    for (size_t i = 0; i < chunk->count; i++)
        PQclear(chunk->rows[i]);
}

/* Takes rows until the chunk is full or there is none; what is no row says how the statement ended. */
static bool take_rows(void *context, unsigned thread, bool *is_any)
{
    struct loading *loading    = context;
    struct chunk   *chunk      = &loading->chunks[thread];
    PGconn         *connection = db_connection(loading->db);

    chunk->count = 0;
    while (chunk->count < CHUNK_ROWS) {
        PGresult *const row = PQgetResult(connection);

        if (row == NULL)
            break;
        const ExecStatusType kind = PQresultStatus(row);
        if (kind == PGRES_SINGLE_TUPLE) {
            chunk->rows[chunk->count++] = row;
            continue;
        }
        if (kind != PGRES_TUPLES_OK)
            loading->status = db_classify(loading->db, row);
        PQclear(row);
    }
    *is_any = chunk->count > 0;
    if (loading->status != DB_OK)
        clear_rows(chunk);
    return loading->status == DB_OK;
}

static bool open_rows(void *context, unsigned thread)
{
    struct loading           *loading = context;
    struct chunk             *chunk   = &loading->chunks[thread];
    const struct load_step   *step    = loading->step;
    const struct world_tools *tools   = world_tools(loading->world);

    if (chunk->vault == NULL)
        chunk->vault = vault_share(tools->vault);
    if (chunk->values == NULL)
        chunk->values = calloc(CHUNK_ROWS, step->value_bytes);
    bool is_open = chunk->vault != NULL && chunk->values != NULL;
    for (size_t i = 0; is_open && i < chunk->count; i++)
        is_open = step->open(tools, chunk->vault, chunk->rows[i], (char *)chunk->values + i * step->value_bytes);
    clear_rows(chunk);
    return is_open;
}

static bool put_rows(void *context, unsigned thread)
{
    struct loading     *loading = context;
    const struct chunk *chunk   = &loading->chunks[thread];

    return loading->step->put(loading->world, chunk->values, chunk->count);
}

static enum db_status load(struct world *world, struct db *db, const struct load_step *step)
{
    PGconn             *connection = db_connection(db);
    struct loading      loading    = { .world = world, .db = db, .step = step, .status = DB_OK };
    const struct stream stream     = { take_rows, open_rows, put_rows, &loading };
    const unsigned      cores      = stream_cores();

    if (PQsendQueryParams(connection, step->statement->text, 0, NULL, NULL, NULL, NULL, 1) != 1 ||
        PQsetSingleRowMode(connection) != 1)
        return DB_RETRY;
    const bool is_loaded = stream_run(&stream, cores < LOAD_THREADS_MAX ? cores : LOAD_THREADS_MAX);
    for (PGresult *rest; (rest = PQgetResult(connection)) != NULL;)
        PQclear(rest);
    for (size_t i = 0; i < LOAD_THREADS_MAX; i++) {
        vault_close(loading.chunks[i].vault);
        free(loading.chunks[i].values);
    }
    return loading.status != DB_OK ? loading.status : is_loaded ? DB_OK : DB_BROKEN;
}

static enum db_status load_counters(struct world *world, struct db *db, struct engine_counters *counters)
{
    PGresult            *result = NULL;
    const enum db_status status = db_run_binary(db, &statement_engine_load_counters, NULL, 0, &result);

    if (status != DB_OK)
        return status;
    counters->next_record   = db_get_number(result, 0, 0) + 1;
    counters->next_person   = db_get_number(result, 0, 1) + 1;
    counters->next_data_key = db_get_number(result, 0, 2) + 1;
    identity_index_expect(world_identity(world), (size_t)db_get_number(result, 0, 3));
    PQclear(result);
    return DB_OK;
}

static const struct load_step places_step  = { &statement_engine_load_places, sizeof(struct loaded_place), open_place,
                                               put_places };
static const struct load_step records_step = { &statement_engine_load_records, sizeof(struct record_facts), open_facts,
                                               put_facts };

/* Decisions first: a mention that was decided on is a content of its own. */
enum db_status world_load_identity(struct world *world, struct db *db)
{
    static const struct load_step steps[] = {
        {&statement_engine_load_decisions, sizeof(struct loaded_decision), open_decision, put_decisions},
        { &statement_engine_load_mentions, sizeof(struct identity_item),   open_mention,  put_mentions },
    };
    enum db_status status = DB_OK;

    for (size_t i = 0; status == DB_OK && i < sizeof steps / sizeof steps[0]; i++)
        status = load(world, db, &steps[i]);
    return status;
}

enum db_status world_load(struct world *world, struct db *db, struct engine_counters *counters)
{
    enum db_status status = load_counters(world, db, counters);

    if (status == DB_OK)
        status = load(world, db, &places_step);
    if (status == DB_OK)
        status = world_load_identity(world, db);
    if (status == DB_OK)
        status = disputes_load(world_disputes(world), db);
    return status == DB_OK ? load(world, db, &records_step) : status;
}
