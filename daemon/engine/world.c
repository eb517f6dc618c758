/* The engine's memory of the shard; see world.h.
 * Facts sit in a table of chunks by record id: ids are dense, for one writer counts them. */
#include "daemon/engine/world.h"

#include "daemon/common/db_array.h"
#include "daemon/common/log.h"
#include "daemon/common/pool_heap.h"
#include "daemon/engine/facts_make.h"

#include <assert.h>
#include <endian.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_RECORDS = 4096 };

struct facts_chunk {
    struct record_facts *entries[CHUNK_RECORDS];
};

/* Facts in use, or waiting on the spare list for the next merge. */
union facts_block {
    struct record_facts facts; /* first: a block is freed through it */
    union facts_block  *next;
};

/* One piece of memory the matchers asked for; all are freed together with the world. */
struct grown {
    struct grown *next;
    max_align_t   memory[];
};

struct world {
    const struct world_tools *tools;
    struct grown             *grown;
    size_t                    grown_bytes;
    struct identity_index    *identity;
    struct pool_memory        exposure_memory, place_memory;
    struct exposure_index    *exposure;
    struct place_index       *places;
    struct place_reach        reach; /* in place_memory, too */
    struct shifts             shifts;

    struct facts_chunk **chunks;
    size_t               chunk_count;
    union facts_block   *spare; /* reserved for the next merge */
    size_t               spare_count, record_count;

    int64_t *interest;
    size_t   interest_count, interest_capacity;
};

/* ---- memory for the matchers ---- */

static void *grow(void *owner, size_t bytes)
{
    struct world *world = owner;
    struct grown *piece = NULL;

    if (bytes > world->tools->memory_limit_bytes - world->grown_bytes)
        return NULL;
    piece = calloc(1, sizeof *piece + bytes);
    if (piece == NULL)
        return NULL;
    piece->next  = world->grown;
    world->grown = piece;
    world->grown_bytes += bytes;
    return piece->memory;
}

struct world *world_make(const struct world_tools *tools)
{
    struct world *world = calloc(1, sizeof *world);

    if (world == NULL)
        return NULL;
    world->tools                 = tools;
    const struct memory identity = { grow, world };
    world->exposure_memory       = pool_memory_of_heap(tools->memory_limit_bytes / 4);
    world->place_memory          = pool_memory_of_heap(tools->memory_limit_bytes / 4);
    world->identity = identity_index_create(identity, tools->memory_limit_bytes / 2, tools->language, tools->model);
    world->exposure = exposure_index_make(&world->exposure_memory);
    world->places   = place_index_make(&world->place_memory);
    place_reach_init(&world->reach, &world->place_memory);
    if (world->identity == NULL || world->exposure == NULL || world->places == NULL) {
        world_drop(world);
        return NULL;
    }
    return world;
}

static void drop_facts(struct world *world)
{
    for (size_t c = 0; c < world->chunk_count; c++) {
        for (size_t i = 0; world->chunks[c] != NULL && i < CHUNK_RECORDS; i++)
            free(world->chunks[c]->entries[i]);
        free(world->chunks[c]);
    }
    free(world->chunks);
    while (world->spare != NULL) {
        union facts_block *next = world->spare->next;
        free(world->spare);
        world->spare = next;
    }
}

void world_drop(struct world *world)
{
    if (world == NULL)
        return;
    exposure_index_drop(world->exposure);
    place_index_drop(world->places);
    place_reach_clear(&world->reach);
    drop_facts(world);
    free(world->interest);
    while (world->grown != NULL) {
        struct grown *next = world->grown->next;
        free(world->grown);
        world->grown = next;
    }
    free(world);
}

struct identity_index *world_identity(struct world *world)
{
    return world->identity;
}

struct exposure_index *world_exposure(struct world *world)
{
    return world->exposure;
}

struct place_index *world_places(struct world *world)
{
    return world->places;
}

struct place_reach *world_reach(struct world *world)
{
    return &world->reach;
}

struct shifts *world_shifts(struct world *world)
{
    return &world->shifts;
}

/* ---- facts ---- */

static struct record_facts **entry_of(const struct world *world, int64_t record_id)
{
    const size_t chunk = (size_t)record_id / CHUNK_RECORDS;

    if (record_id <= 0 || chunk >= world->chunk_count || world->chunks[chunk] == NULL)
        return NULL;
    return &world->chunks[chunk]->entries[(size_t)record_id % CHUNK_RECORDS];
}

const struct record_facts *world_facts(const struct world *world, int64_t record_id)
{
    struct record_facts **entry = entry_of(world, record_id);

    return entry != NULL ? *entry : NULL;
}

static bool reserve_chunks(struct world *world, int64_t highest)
{
    const size_t needed = (size_t)highest / CHUNK_RECORDS + 1;

    if (needed > world->chunk_count) {
        struct facts_chunk **chunks = realloc(world->chunks, needed * sizeof *chunks);
        if (chunks == NULL)
            return false;
        memset(chunks + world->chunk_count, 0, (needed - world->chunk_count) * sizeof *chunks);
        world->chunks      = chunks;
        world->chunk_count = needed;
    }
    for (size_t c = 0; c < needed; c++) {
        if (world->chunks[c] == NULL)
            world->chunks[c] = calloc(1, sizeof *world->chunks[c]);
        if (world->chunks[c] == NULL)
            return false;
    }
    return true;
}

static bool reserve_interest(struct world *world, size_t count)
{
    if (world->interest_count + count <= world->interest_capacity)
        return true;
    const size_t capacity = world->interest_capacity * 2 + count + 1024;
    int64_t     *interest = realloc(world->interest, capacity * sizeof *interest);
    if (interest == NULL)
        return false;
    world->interest          = interest;
    world->interest_capacity = capacity;
    return true;
}

bool world_reserve_facts(struct world *world, int64_t highest_record_id, size_t count)
{
    while (world->spare_count < count) {
        union facts_block *block = calloc(1, sizeof *block);
        if (block == NULL)
            return false;
        block->next  = world->spare;
        world->spare = block;
        world->spare_count++;
    }
    return reserve_chunks(world, highest_record_id) && reserve_interest(world, count) &&
           place_reach_reserve(&world->reach, FACTS_RESIDENCES * count, 0);
}

/* Where, whatever the date or the point beside it. */
static bool is_same_homes(const struct record_facts *a, const struct record_facts *b)
{
    bool is_same = a->residence_count == b->residence_count;

    for (unsigned i = 0; is_same && i < a->residence_count; i++)
        is_same = a->residences[i].slot == b->residences[i].slot &&
                  memcmp(&a->residences[i].address, &b->residences[i].address, sizeof a->residences[i].address) == 0;
    return is_same;
}

static void register_homes(struct world *world, const struct record_facts *facts)
{
    for (unsigned i = 0; i < facts->residence_count; i++) {
        const struct facts_residence *home  = &facts->residences[i];
        const int64_t                 who   = world_mention_id(facts->record_id, home->slot);
        const bool                    is_in = place_reach_add(&world->reach, &home->address, (uint64_t)who);
        assert(is_in); /* everything was reserved */
        (void)is_in;
    }
}

static void unregister_homes(struct world *world, const struct record_facts *facts)
{
    for (unsigned i = 0; i < facts->residence_count; i++) {
        const struct facts_residence *home = &facts->residences[i];
        const int64_t                 who  = world_mention_id(facts->record_id, home->slot);
        place_reach_remove(&world->reach, &home->address, (uint64_t)who);
    }
}

void world_put_facts(struct world *world, const struct record_facts *facts)
{
    struct record_facts **entry = entry_of(world, facts->record_id);

    if (*entry == NULL) {
        *entry       = &world->spare->facts;
        world->spare = world->spare->next;
        world->spare_count--;
        world->record_count++;
        if (facts_make_exposures(facts))
            world->interest[world->interest_count++] = facts->record_id;
        register_homes(world, facts);
    } else if (!is_same_homes(*entry, facts)) {
        unregister_homes(world, *entry);
        register_homes(world, facts);
    }
    **entry = *facts;
}

void world_remove_facts(struct world *world, int64_t record_id)
{
    struct record_facts **entry = entry_of(world, record_id);

    if (entry == NULL || *entry == NULL)
        return;
    unregister_homes(world, *entry);
    free(*entry);
    *entry = NULL;
    world->record_count--;
    for (size_t i = 0; i < world->interest_count; i++) {
        if (world->interest[i] == record_id) {
            world->interest[i] = world->interest[--world->interest_count];
            break;
        }
    }
}

const int64_t *world_interest(const struct world *world, size_t *count)
{
    *count = world->interest_count;
    return world->interest;
}

struct world_counts world_counts(const struct world *world)
{
    return (struct world_counts){
        .records = world->record_count,
        .places  = place_index_count(world->places),
        .used_bytes =
            world->grown_bytes + world->exposure_memory.used_bytes + world->record_count * sizeof(struct record_facts),
    };
}

/* ---- loading ---- */

/* Called per row of a load; false stops it. */
typedef bool (*load_row)(struct world *world, const PGresult *result);

/* Streams a statement row by row, so that a million rows need no million-row result. */
static enum db_status load(struct world *world, struct db *db, const struct statement *statement, load_row take)
{
    PGconn        *connection = db_connection(db);
    enum db_status status     = DB_OK;

    if (PQsendQueryParams(connection, statement->text, 0, NULL, NULL, NULL, NULL, 1) != 1 ||
        PQsetSingleRowMode(connection) != 1)
        return DB_RETRY;
    for (PGresult *result; (result = PQgetResult(connection)) != NULL; PQclear(result)) {
        const ExecStatusType kind = PQresultStatus(result);
        if (kind == PGRES_SINGLE_TUPLE && status == DB_OK && !take(world, result))
            status = DB_BROKEN;
        else if (kind != PGRES_SINGLE_TUPLE && kind != PGRES_TUPLES_OK)
            status = db_classify(db, result);
    }
    return status;
}

/* Opens one sealed column under its wrapped key into a value of exactly `size` bytes. */
static bool open_value(struct world *world, int64_t key_id, struct span wrapped, const char *table, const char *column,
                       int64_t row, struct span sealed, void *value, size_t size)
{
    struct vault_key key;
    bool             is_open = false;

    if (sealed.length != vault_sealed_size(size))
        return false;
    if (vault_data_key_open(world->tools->vault, key_id, wrapped, &key) == VAULT_OK)
        is_open = vault_open(world->tools->vault, &key, table, column, row, sealed, value) == VAULT_OK;
    vault_key_wipe(&key);
    if (!is_open)
        log_error("sealed_value_unreadable", log_word("table", table), log_word("column", column),
                  log_number("row", row));
    return is_open;
}

static bool load_facts(struct world *world, const PGresult *result)
{
    struct record_facts facts;
    const int64_t       record_id = db_get_number(result, 0, 0);

    if (!open_value(world, db_get_number(result, 0, 1), db_get_span(result, 0, 2), "record", "facts", record_id,
                    db_get_span(result, 0, 3), &facts, sizeof facts) ||
        facts.version != FACTS_VERSION)
        return false;
    if (facts.slots == 0)
        return true;
    if (!world_reserve_facts(world, record_id, 1))
        return false;
    world_put_facts(world, &facts);
    return true;
}

static bool load_mention(struct world *world, const PGresult *result)
{
    const int64_t        mention_id = db_get_number(result, 0, 0);
    const int16_t        source_id  = (int16_t)db_get_number(result, 0, 1);
    uint64_t             canonical  = 0;
    struct identity_item item       = {
              .mention_id = mention_id,
              .sole_group = sources_sole_group(world->tools->sources, source_id, world_slot_of(mention_id)),
              .person_id  = db_get_number(result, 0, 2),
    };

    memcpy(&canonical, db_get_span(result, 0, 3).bytes, sizeof canonical);
    item.canonical = be64toh(canonical);
    return open_value(world, db_get_number(result, 0, 4), db_get_span(result, 0, 5), "mention", "features", mention_id,
                      db_get_span(result, 0, 6), &item.features, sizeof item.features) &&
           identity_item_prepare(world->tools->language, world->tools->model, &item) &&
           identity_index_load(world->identity, &item, 1);
}

/* Places are loaded before anybody lives in them. */
static void visit_nobody(void *context, uint64_t resident, bool by_group)
{
    (void)context, (void)resident, (void)by_group;
}

static bool load_place(struct world *world, const PGresult *result)
{
    struct stored_place stored;
    const int64_t       record_id = db_get_number(result, 0, 0);

    if (!open_value(world, db_get_number(result, 0, 1), db_get_span(result, 0, 2), "place", "features", record_id,
                    db_get_span(result, 0, 3), &stored, sizeof stored))
        return false;
    return place_index_put(world->places, (uint64_t)record_id, &stored.address, !isnan(stored.lon), stored.lon,
                           stored.lat) &&
           place_reach_put_place(&world->reach, (uint64_t)record_id, &stored.address, visit_nobody, NULL);
}

static bool load_decision(struct world *world, const PGresult *result)
{
    const struct span           verdict = db_get_span(result, 0, 2);
    const enum identity_verdict word    = span_equals_text(verdict, "same")        ? IDENTITY_SAME
                                          : span_equals_text(verdict, "different") ? IDENTITY_DIFFERENT
                                          : span_equals_text(verdict, "kept")      ? IDENTITY_KEPT
                                                                                   : IDENTITY_UNSURE;

    return identity_decide(world->identity, db_get_number(result, 0, 0), db_get_number(result, 0, 1), word);
}

static enum db_status load_counters(struct db *db, struct engine_counters *counters)
{
    PGresult            *result = NULL;
    const enum db_status status = db_run_binary(db, &statement_engine_load_counters, NULL, 0, &result);

    if (status != DB_OK)
        return status;
    counters->next_record   = db_get_number(result, 0, 0) + 1;
    counters->next_person   = db_get_number(result, 0, 1) + 1;
    counters->next_data_key = db_get_number(result, 0, 2) + 1;
    PQclear(result);
    return DB_OK;
}

enum db_status world_load(struct world *world, struct db *db, struct engine_counters *counters)
{
    static const struct {
        const struct statement *statement;
        load_row                take;
    } steps[] = {
        {&statement_engine_load_places,     load_place   },
        { &statement_engine_load_decisions, load_decision},
        { &statement_engine_load_mentions,  load_mention },
        { &statement_engine_load_records,   load_facts   },
    };
    enum db_status status = load_counters(db, counters);

    for (size_t i = 0; status == DB_OK && i < sizeof steps / sizeof steps[0]; i++)
        status = load(world, db, steps[i].statement, steps[i].take);
    return status;
}
