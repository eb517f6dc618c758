/* A batch of changes over the index; see exposure.h.
 * Deliberately reads the index only until the merge: a batch that is not committed leaves no trace. */
#include "matchers/tier/exposure_batch.h"

#include <assert.h>

static bool is_in_any_role(const struct person_situation *situation)
{
    return exposure_has_role(situation, EXPOSURE_CHILD) || exposure_has_role(situation, EXPOSURE_RISK);
}

struct exposure_batch *exposure_batch_begin(struct exposure_index *index, struct arena *arena)
{
    struct exposure_batch *batch = arena_alloc(arena, 1, sizeof *batch);
    if (batch == NULL)
        return NULL;

    batch->index  = index;
    batch->arena  = arena;
    batch->memory = pool_memory_of_arena(arena);
    exposure_table_init(&batch->overlay, &batch->memory);
    keymap_init(&batch->touched, &batch->memory);
    return batch;
}

bool exposure_batch_is_touched(const struct exposure_batch *batch, int64_t person_id)
{
    return keymap_first(&batch->touched, 0, (uint64_t)person_id) != NULL;
}

static bool mark_touched(struct exposure_batch *batch, int64_t person_id)
{
    batch->is_ready = false;
    if (exposure_batch_is_touched(batch, person_id))
        return true;
    return exposure_ids_add(&batch->touched_ids, batch->arena, SUBJECT_CHILD, person_id, 0) &&
           keymap_insert(&batch->touched, 0, (uint64_t)person_id, 1);
}

bool exposure_batch_put(struct exposure_batch *batch, const struct person_situation *situation)
{
    if (!is_in_any_role(situation))
        return exposure_batch_remove(batch, situation->person_id);
    return mark_touched(batch, situation->person_id) && exposure_table_put(&batch->overlay, situation);
}

bool exposure_batch_remove(struct exposure_batch *batch, int64_t person_id)
{
    if (!mark_touched(batch, person_id))
        return false;
    exposure_table_remove(&batch->overlay, person_id);
    return true;
}

bool exposure_batch_touch(struct exposure_batch *batch, int64_t person_id)
{
    struct person_situation situation;

    if (exposure_batch_is_touched(batch, person_id))
        return true;
    if (!exposure_table_find(&batch->index->table, person_id, &situation))
        return mark_touched(batch, person_id);
    return exposure_batch_put(batch, &situation);
}

/* ---- B1, opened by a human ---- */

struct opening {
    struct exposure_batch *batch;
};

static bool touch_child(void *context, int64_t person_id)
{
    const struct opening *opening = context;

    return exposure_batch_touch(opening->batch, person_id);
}

bool exposure_batch_open_counted(struct exposure_batch *batch, uint64_t community_code)
{
    struct opening opening = { batch };

    if (batch->opened_count == EXPOSURE_OPENED_MAX)
        return true; /* more at once than a human opens: the rest is asked for again */
    batch->opened[batch->opened_count++] = community_code;
    return exposure_table_community(&batch->index->table, community_code, EXPOSURE_CHILD, touch_child, &opening);
}

static bool is_opened(const struct exposure_batch *batch, const struct exposure_pair *pair)
{
    for (size_t i = 0; i < batch->opened_count; i++) {
        if (batch->opened[i] == pair->child_community_code)
            return true;
    }
    return false;
}

/* ---- deciding ---- */

bool exposure_batch_find(const struct exposure_batch *batch, int64_t person_id, struct person_situation *situation)
{
    const struct exposure_table *table =
        exposure_batch_is_touched(batch, person_id) ? &batch->overlay : &batch->index->table;

    return exposure_table_find(table, person_id, situation);
}

/* One after the other, so that the same person is looked up once. */
struct deciding {
    struct exposure_batch  *batch;
    const struct policy    *policy;
    int32_t                 today;
    struct person_situation child, risk;
    bool                    has_child, has_risk;
};

static void look_up(const struct exposure_batch *batch, int64_t person_id, struct person_situation *situation,
                    bool *has)
{
    if (person_id == situation->person_id)
        return;
    *has                 = exposure_batch_find(batch, person_id, situation);
    situation->person_id = person_id;
}

static bool decide_unit(const struct deciding *d, const struct exposure_ids *ids, struct exposure_pair *pair)
{
    struct exposure_pair other;
    bool                 holds = false;

    /* Two records may name the same unit. */
    for (size_t i = 0; i < d->risk.unit_count; i++) {
        if ((int64_t)d->risk.units[i].key == ids->subject_id &&
            exposure_decide_unit(d->policy, &d->risk, i, d->today, holds ? &other : pair))
            holds = true;
    }
    return holds;
}

/* False when the arena is full. */
static bool decide_group(const struct deciding *d, struct exposure_pair *pair, bool *holds)
{
    struct exposure_group groups[EXPOSURE_RESIDENCES];

    if (!exposure_batch_count_children(d->batch, d->policy, d->today, &d->risk, groups))
        return false;
    *holds = exposure_decide_group(d->policy, &d->risk, groups, d->today, pair);
    return true;
}

static bool decide_one(struct deciding *d, const struct exposure_ids *ids, struct exposure_pair *pair, bool *holds)
{
    *holds = false;
    look_up(d->batch, ids->risk_id, &d->risk, &d->has_risk);
    if (!d->has_risk)
        return true;
    switch (ids->subject) {
    case SUBJECT_CHILD:
        look_up(d->batch, ids->subject_id, &d->child, &d->has_child);
        *holds = d->has_child && exposure_decide_pair(d->policy, &d->child, &d->risk, d->today, pair);
        return true;
    case SUBJECT_UNIT:
        *holds = decide_unit(d, ids, pair);
        return true;
    case SUBJECT_PERSON:
        *holds = exposure_decide_person(d->policy, &d->risk, d->today, pair);
        return true;
    case SUBJECT_GROUP:
        return decide_group(d, pair, holds);
    }
    return true;
}

/* Decides every candidate; the array is as long as if all of them held. */
static bool decide_all(struct exposure_batch *batch, const struct policy *policy, int32_t today,
                       const struct exposure_id_list *candidates)
{
    struct deciding       d     = { .batch  = batch,
                                    .policy = policy,
                                    .today  = today,
                                    .child  = { .person_id = INT64_MIN },
                                    .risk   = { .person_id = INT64_MIN } };
    struct exposure_pair *pairs = arena_alloc(batch->arena, candidates->count, sizeof *pairs);
    size_t                count = 0;

    if (pairs == NULL)
        return false;
    for (size_t i = 0; i < candidates->count; i++) {
        struct exposure_pair *pair  = &pairs[count];
        bool                  holds = false;
        if (!decide_one(&d, &candidates->items[i], pair, &holds))
            return false;
        if (!holds)
            continue;
        const struct known_pair *known = exposure_index_pair(batch->index, &pair->ids);
        if (pair->decision.rule == RULE_B1 && !(known != NULL && known->is_opened) && !is_opened(batch, pair))
            continue; /* counted only */
        pair->is_known     = known != NULL;
        pair->is_unchanged = known != NULL && known->hash == pair->evidence_hash[0];
        count++;
    }
    batch->result.pairs      = pairs;
    batch->result.pair_count = count;
    return true;
}

/* ---- what holds no more ---- */

static bool holds(const struct exposure_result *result, const struct exposure_ids *wanted)
{
    size_t low = 0, high = result->pair_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int    order  = exposure_compare_ids(&result->pairs[middle].ids, wanted);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static bool add_gone(const struct exposure_batch *batch, const struct exposure_ids *ids, struct exposure_id_list *gone)
{
    return holds(&batch->result, ids) ||
           exposure_ids_add(gone, batch->arena, ids->subject, ids->subject_id, ids->risk_id);
}

/* Every known pair of a touched person, and every known candidate: a group goes when its children do. */
static bool find_gone(struct exposure_batch *batch, const struct exposure_id_list *candidates)
{
    struct exposure_id_list gone = { 0 };

    for (size_t i = 0; i < batch->touched_ids.count; i++) {
        for (uint32_t side = 0; side < SIDES; side++) {
            const struct known_pair *known =
                exposure_index_first(batch->index, side, batch->touched_ids.items[i].subject_id);
            for (; known != NULL; known = known->next[side]) {
                if (!add_gone(batch, &known->ids, &gone))
                    return false;
            }
        }
    }
    for (size_t i = 0; i < candidates->count; i++) {
        const struct exposure_ids *ids = &candidates->items[i];
        if (ids->subject == SUBJECT_GROUP && exposure_index_pair(batch->index, ids) != NULL &&
            !add_gone(batch, ids, &gone))
            return false;
    }
    exposure_ids_settle(&gone);

    struct exposure_gone *out = arena_alloc(batch->arena, gone.count, sizeof *out);
    if (out == NULL)
        return false;
    for (size_t i = 0; i < gone.count; i++)
        out[i].ids = gone.items[i];
    batch->result.gone       = out;
    batch->result.gone_count = gone.count;
    return true;
}

static bool find_faults(struct exposure_batch *batch, const struct policy *policy, int32_t today)
{
    struct exposure_fault_change *changes = arena_alloc(batch->arena, batch->touched_ids.count, sizeof *changes);
    size_t                        count   = 0;

    if (changes == NULL)
        return false;
    for (size_t i = 0; i < batch->touched_ids.count; i++) {
        struct person_situation situation;
        const int64_t           person_id = batch->touched_ids.items[i].subject_id;
        const uint32_t          known     = exposure_index_faults(batch->index, person_id);
        const uint32_t          now       = exposure_table_find(&batch->overlay, person_id, &situation)
                                                ? exposure_address_faults(policy, &situation, today)
                                                : 0;
        if (now != known)
            changes[count++] = (struct exposure_fault_change){ person_id, now & ~known, known & ~now };
    }
    batch->result.faults      = changes;
    batch->result.fault_count = count;
    return true;
}

enum exposure_status exposure_batch_pairs(struct exposure_batch *batch, const struct policy *policy, int32_t today,
                                          struct exposure_result *result)
{
    struct exposure_id_list candidates = { 0 };

    exposure_ids_settle(&batch->touched_ids);
    if (!exposure_batch_gather(batch, policy, &candidates) || !decide_all(batch, policy, today, &candidates) ||
        !find_gone(batch, &candidates) || !find_faults(batch, policy, today))
        return EXPOSURE_ARENA_FULL;
    if (!exposure_table_reserve(&batch->index->table, &batch->overlay) ||
        !exposure_index_reserve(batch->index, batch->result.pair_count, batch->result.fault_count))
        return EXPOSURE_INDEX_FULL;

    batch->is_ready = true;
    *result         = batch->result;
    return EXPOSURE_OK;
}

static bool merge_situations(struct exposure_batch *batch)
{
    struct person_situation situation;
    bool                    is_merged = true;

    for (size_t i = 0; i < batch->touched_ids.count; i++) {
        const int64_t person_id = batch->touched_ids.items[i].subject_id;
        if (exposure_table_find(&batch->overlay, person_id, &situation))
            is_merged = exposure_table_put(&batch->index->table, &situation) && is_merged;
        else
            exposure_table_remove(&batch->index->table, person_id);
    }
    return is_merged;
}

void exposure_batch_merge(struct exposure_batch *batch)
{
    struct exposure_index        *index  = batch->index;
    const struct exposure_result *result = &batch->result;

    assert(batch->is_ready);
    bool is_merged = merge_situations(batch);
    for (size_t i = 0; i < result->gone_count; i++)
        exposure_index_forget_pair(index, &result->gone[i].ids);
    for (size_t i = 0; i < result->pair_count; i++) {
        const struct exposure_pair *pair = &result->pairs[i];
        is_merged =
            exposure_index_remember_pair(index, &pair->ids, pair->evidence_hash[0], pair->decision.rule == RULE_B1) &&
            is_merged;
    }
    for (size_t i = 0; i < result->fault_count; i++) {
        const struct exposure_fault_change *change = &result->faults[i];
        const uint32_t                      known  = exposure_index_faults(index, change->person_id);
        is_merged =
            exposure_index_remember_faults(index, change->person_id, (known & ~change->closed) | change->opened) &&
            is_merged;
    }
    assert(is_merged); /* everything was reserved */
    batch->is_ready = false;
}
