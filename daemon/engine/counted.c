/* Counts by community; see counted.h.
 * Deliberately no pair, no person: numbers leave, nothing else is kept. */
#include "daemon/engine/counted.h"

#include "daemon/common/db_array.h"
#include "daemon/engine/id_set.h"

#include <stdio.h>
#include <stdlib.h>

enum { COUNT_ARENA_BYTES = 64 << 20, PERSON_ARENA_BYTES = 8 << 20 };

struct area {
    uint64_t     code;
    int64_t      pairs;
    struct area *next;
};

struct counting {
    struct arena  arena;
    struct keymap by_code;
    struct area  *areas;
};

static bool count_pair(void *context, uint64_t code)
{
    struct counting          *counting = context;
    const struct keymap_node *node     = keymap_first(&counting->by_code, 0, code);
    struct area              *area     = node != NULL ? keymap_pointer(node) : NULL;

    if (code == 0) /* of no community: no digest could show it */
        return true;
    if (area == NULL) {
        area = arena_alloc(&counting->arena, 1, sizeof *area);
        if (area == NULL || !keymap_insert(&counting->by_code, 0, code, keymap_value(area)))
            return false;
        *area           = (struct area){ .code = code, .next = counting->areas };
        counting->areas = area;
    }
    area->pairs++;
    return true;
}

/* Every person of concern once, however many records tell of her or him. */
static bool count_all(struct counting *counting, struct world *world, const struct policy *policy, int32_t today,
                      void *memory)
{
    size_t         count   = 0;
    const int64_t *records = world_interest(world, &count);
    struct id_set  seen    = { .ids      = arena_alloc(&counting->arena, count, sizeof(int64_t)),
                               .capacity = count,
                               .slots    = arena_alloc(&counting->arena, id_set_slots(count), sizeof(int64_t)) };

    if (seen.ids == NULL || seen.slots == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct record_facts *facts  = world_facts(world, records[i]);
        const int64_t              person = identity_person_of(world_identity(world), world_mention_id(records[i], 0));
        struct arena               scratch;

        if (facts == NULL || facts->type != FEED_RISK || person == 0)
            continue;
        const size_t before = seen.count;
        id_set_add(&seen, person);
        if (seen.count == before)
            continue;
        arena_init(&scratch, memory, PERSON_ARENA_BYTES);
        if (!exposure_index_count(world_exposure(world), policy, today, person, &scratch, count_pair, counting))
            return false;
    }
    return true;
}

/* The first row names no area: nothing may be counted. */
static enum db_status write_counts(const struct counting *counting, int32_t today, struct db *db)
{
    struct db_array columns[2];
    struct db_param params[3];
    enum db_status  status = DB_RETRY;

    db_array_init(&columns[0], DB_ARRAY_TEXT);
    db_array_init(&columns[1], DB_ARRAY_INT8);
    db_array_add_null(&columns[0]);
    db_array_add_number(&columns[1], 0);
    for (const struct area *area = counting->areas; area != NULL; area = area->next) {
        char code[24];
        snprintf(code, sizeof code, "%012llu", (unsigned long long)area->code);
        db_array_add_span(&columns[0], span_from_text(code));
        db_array_add_number(&columns[1], area->pairs);
    }
    char day[24];
    snprintf(day, sizeof day, "%d", (int)today);
    params[2] = db_text(day);
    if (db_array_param(&columns[0], &params[0]) && db_array_param(&columns[1], &params[1]))
        status = db_run(db, &statement_engine_counted_put, params, 3, NULL);
    db_array_clear(&columns[0]);
    db_array_clear(&columns[1]);
    return status;
}

enum db_status counted_update(struct world *world, const struct policy *policy, int32_t today, struct db *db)
{
    enum db_status  status   = DB_RETRY;
    char           *memory   = malloc((size_t)COUNT_ARENA_BYTES + PERSON_ARENA_BYTES);
    struct counting counting = { .areas = NULL };

    if (memory == NULL)
        return DB_RETRY;
    arena_init(&counting.arena, memory, COUNT_ARENA_BYTES);
    struct pool_memory pool = pool_memory_of_arena(&counting.arena);
    keymap_init(&counting.by_code, &pool);
    if (count_all(&counting, world, policy, today, memory + COUNT_ARENA_BYTES))
        status = write_counts(&counting, today, db);
    free(memory);
    return status;
}
