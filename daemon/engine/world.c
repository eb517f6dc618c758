/* The engine's memory of the shard; see world.h.
 * Facts sit in a table of chunks by record id: ids are dense, for one writer counts them. */
#include "daemon/engine/world.h"

#include "daemon/common/db_array.h"
#include "daemon/common/log.h"
#include "daemon/common/pool_heap.h"
#include "daemon/common/slabs.h"
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

struct world {
    const struct world_tools *tools;
    struct slabs              slabs; /* of the identity index */
    size_t                    slab_bytes;
    struct identity_index    *identity;
    struct pool_memory        exposure_memory, place_memory;
    struct exposure_index    *exposure;
    struct place_index       *places;
    struct place_reach        reach; /* in place_memory, too */
    struct shifts             shifts;
    struct unit_index         units;    /* in place_memory, too */
    struct disputes           disputes; /* likewise */

    struct facts_chunk **chunks;
    size_t               chunk_count;
    union facts_block   *spare; /* reserved for the next merge */
    size_t               spare_count, record_count, facts_used_bytes;

    int64_t *interest;
    size_t   interest_count, interest_capacity;
};

/* ---- memory for the matchers ---- */

static void *grow(void *owner, size_t bytes)
{
    struct world *world = owner;

    if (bytes > world->tools->memory_limit_bytes - world->slab_bytes)
        return NULL;
    void *taken = slabs_take(&world->slabs, bytes);
    if (taken != NULL)
        world->slab_bytes += bytes;
    return taken;
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
    unit_index_init(&world->units, &world->place_memory);
    disputes_init(&world->disputes, &world->place_memory);
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
    unit_index_clear(&world->units);
    disputes_clear(&world->disputes);
    drop_facts(world);
    free(world->interest);
    slabs_clear(&world->slabs);
    free(world);
}

const struct world_tools *world_tools(const struct world *world)
{
    return world->tools;
}

struct identity_index *world_identity(struct world *world)
{
    return world->identity;
}

struct exposure_index *world_exposure(struct world *world)
{
    return world->exposure;
}

bool world_clear_exposure(struct world *world)
{
    exposure_index_drop(world->exposure);
    world->exposure = exposure_index_make(&world->exposure_memory);
    return world->exposure != NULL;
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

struct disputes *world_disputes(struct world *world)
{
    return &world->disputes;
}

const struct unit_index *world_units(const struct world *world)
{
    return &world->units;
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

bool world_reserve_facts(struct world *world, int64_t highest_record_id, size_t count, size_t addresses)
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
           place_reach_reserve(&world->reach, addresses, 0) && unit_index_reserve(&world->units, count, addresses);
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

/* A block of exactly the facts' size; spare ones are as large as facts can be. */
static struct record_facts *take_spare(struct world *world, const struct record_facts *facts)
{
    struct record_facts *block = &world->spare->facts;

    world->spare = world->spare->next;
    world->spare_count--;
    memcpy(block, facts, facts_bytes(facts));
    world->facts_used_bytes += facts_bytes(facts);
    struct record_facts *fitting = realloc(block, facts_bytes(facts));
    return fitting != NULL ? fitting : block;
}

void world_put_facts(struct world *world, const struct record_facts *facts)
{
    struct record_facts **entry = entry_of(world, facts->record_id);
    struct record_facts  *old   = *entry;

    if (old == NULL) {
        world->record_count++;
        if (facts_make_exposures(facts))
            world->interest[world->interest_count++] = facts->record_id;
        register_homes(world, facts);
    } else if (!is_same_homes(old, facts)) {
        unregister_homes(world, old);
        register_homes(world, facts);
    }
    if (old != NULL) {
        unit_index_remove(&world->units, old);
        world->facts_used_bytes -= facts_bytes(old);
        free(old);
    }
    unit_index_add(&world->units, facts);
    *entry = take_spare(world, facts);
}

void world_remove_facts(struct world *world, int64_t record_id)
{
    struct record_facts **entry = entry_of(world, record_id);

    if (entry == NULL || *entry == NULL)
        return;
    unregister_homes(world, *entry);
    unit_index_remove(&world->units, *entry);
    world->facts_used_bytes -= facts_bytes(*entry);
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
        .records    = world->record_count,
        .places     = place_index_count(world->places),
        .used_bytes = world->slab_bytes + world->exposure_memory.used_bytes + world->facts_used_bytes,
    };
}
