/* Pairs under a policy; see projection.h.
 * A pair is counted with its person of concern, of whom each has one. */
#include "daemon/engine/projection.h"

#include "daemon/engine/people.h"
#include "daemon/engine/situations.h"

#include <stdlib.h>

enum { ARENA_BYTES = 192 << 20, SLICE_PERSONS = 256 };

struct run {
    struct projection      *projection;
    size_t                  capacity;
    struct world           *world;
    const struct policy    *policy;
    int32_t                 today;
    struct arena            arena;
    struct exposure_batch  *batch;
    struct person_situation situation;
};

int projection_compare(const struct projected_pair *a, const struct projected_pair *b)
{
    return exposure_compare_ids(&a->ids, &b->ids);
}

static int compare_pairs(const void *a, const void *b)
{
    return projection_compare(a, b);
}

static struct projected_pair pair_of(const struct exposure_pair *pair)
{
    return (struct projected_pair){
        .ids        = pair->ids,
        .tier       = pair->decision.tier,
        .rule       = pair->decision.rule,
        .is_held    = pair->decision.is_held,
        .recipients = pair->is_shielded ? RECIPIENT_POLICE : pair->decision.recipients,
        .child_area = pair->child_community_code,
        .risk_area  = pair->risk_community_code,
        .record_ids = {pair->child_record_id, pair->risk_record_id, pair->concern_record_id},
    };
}

static bool add_pair(struct run *run, const struct exposure_pair *pair)
{
    struct projection *projection = run->projection;

    if (projection->count == run->capacity) {
        const size_t           capacity = run->capacity * 2 + 1024;
        struct projected_pair *grown    = realloc(projection->pairs, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        projection->pairs = grown;
        run->capacity     = capacity;
    }
    projection->pairs[projection->count++] = pair_of(pair);
    return true;
}

/* The pairs of the slice so far. */
static bool take_slice(struct run *run)
{
    struct exposure_result result;

    if (exposure_batch_pairs(run->batch, run->policy, run->today, &result) != EXPOSURE_OK)
        return false;
    for (size_t i = 0; i < result.pair_count; i++) {
        if (!add_pair(run, &result.pairs[i]))
            return false;
    }
    arena_reset(&run->arena);
    run->batch = exposure_batch_begin(world_exposure(run->world), &run->arena);
    return run->batch != NULL;
}

/* True for the first of the person's records of concern: each person once. */
static bool is_concern(struct run *run, int64_t record_id, int64_t *person)
{
    const struct record_facts *facts = world_facts(run->world, record_id);

    if (facts == NULL || (facts->type != FEED_RISK && facts->type != FEED_ORDER))
        return false;
    *person = identity_person_of(world_identity(run->world), world_mention_id(record_id, 0));
    return *person != 0 && exposure_index_find(world_exposure(run->world), *person, &run->situation) &&
           run->situation.concern_count > 0 && run->situation.concerns[0].record_id == record_id;
}

static bool take_persons(struct run *run)
{
    size_t         count = 0, in_slice = 0;
    const int64_t *records = world_interest(run->world, &count);
    int64_t        person  = 0;

    run->batch = exposure_batch_begin(world_exposure(run->world), &run->arena);
    if (run->batch == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!is_concern(run, records[i], &person))
            continue;
        if (!exposure_batch_touch(run->batch, person))
            return false;
        if (++in_slice % SLICE_PERSONS == 0 && !take_slice(run))
            return false;
    }
    return take_slice(run);
}

bool projection_make(struct projection *projection, struct world *world, struct world_tools *tools,
                     const struct policy *policy, int32_t today)
{
    const struct people          nobody = { .world = world };
    const struct batch           empty  = { .record_count = 0 };
    const struct situation_scope scope  = {
         .tools = tools, .world = world, .people = &nobody, .batch = &empty, .today = today
    };
    struct run run    = { .projection = projection, .world = world, .policy = policy, .today = today };
    void      *memory = malloc(ARENA_BYTES);

    *projection   = (struct projection){ NULL, 0 };
    tools->policy = policy;
    if (memory == NULL)
        return false;
    arena_init(&run.arena, memory, ARENA_BYTES);
    const bool is_made = world_clear_exposure(world) && situations_load(&scope) && take_persons(&run);
    free(memory);
    if (is_made && projection->count > 0)
        qsort(projection->pairs, projection->count, sizeof *projection->pairs, compare_pairs);
    return is_made;
}

void projection_clear(struct projection *projection)
{
    free(projection->pairs);
    *projection = (struct projection){ NULL, 0 };
}
