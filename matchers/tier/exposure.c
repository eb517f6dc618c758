/* The index and its batches; see exposure.h.
 * Deliberately reads the index only until the merge: a batch that is not committed leaves no trace. */
#include "matchers/tier/exposure_table.h"

#include <assert.h>
#include <string.h>

/* The sides of a pair, and the kinds of the pair map: a person's list by its head, one pair by both ids. */
enum { SIDE_CHILD, SIDE_RISK, SIDES, PAIR_BY_IDS = SIDES, NODES_OF_PAIR = SIDES + 1 };

/* A pair the index holds, in a list of either side: a person of concern may have thousands, and each leaves at once. */
struct known_pair {
    int64_t            ids[SIDES];
    uint64_t           hash;
    struct known_pair *next[SIDES], *previous[SIDES];
};

struct exposure_index {
    struct pool_memory   *memory;
    struct exposure_table table;
    struct keymap         pair_map; /* see NODES_OF_PAIR */
    struct pool           pairs;
};

/* Two ids, or one with the other 0: sorted, searched and made unique. */
struct id_pair {
    int64_t child_id, risk_id;
};

struct id_pairs {
    struct id_pair *items;
    size_t          count, capacity;
};

struct exposure_batch {
    struct exposure_index *index;
    struct arena          *arena;
    struct pool_memory     memory;
    struct exposure_table  overlay;
    struct keymap          touched;     /* person id -> 1 */
    struct id_pairs        touched_ids; /* child_id holds the person, risk_id is 0 */
    struct exposure_result result;
    bool                   is_ready; /* the result is of the present state and the merge is reserved */
};

struct exposure_index *exposure_index_make(struct pool_memory *memory)
{
    struct exposure_index *index = pool_memory_acquire(memory, sizeof *index);
    if (index == NULL)
        return NULL;

    *index = (struct exposure_index){ .memory = memory };
    exposure_table_init(&index->table, memory);
    keymap_init(&index->pair_map, memory);
    pool_init(&index->pairs, memory, sizeof(struct known_pair));
    return index;
}

void exposure_index_drop(struct exposure_index *index)
{
    if (index == NULL)
        return;
    exposure_table_clear(&index->table);
    keymap_clear(&index->pair_map);
    pool_clear(&index->pairs);
    pool_memory_release(index->memory, index, sizeof *index);
}

struct exposure_counts exposure_index_counts(const struct exposure_index *index)
{
    return (struct exposure_counts){ .children   = index->table.role_counts[EXPOSURE_CHILD],
                                     .risks      = index->table.role_counts[EXPOSURE_RISK],
                                     .pairs      = index->pairs.live_count,
                                     .used_bytes = index->memory->used_bytes };
}

static bool is_in_any_role(const struct person_situation *situation)
{
    return exposure_has_role(situation, EXPOSURE_CHILD) || exposure_has_role(situation, EXPOSURE_RISK);
}

bool exposure_index_put(struct exposure_index *index, const struct person_situation *situation)
{
    if (is_in_any_role(situation))
        return exposure_table_put(&index->table, situation);
    exposure_table_remove(&index->table, situation->person_id);
    return true;
}

bool exposure_index_find(const struct exposure_index *index, int64_t person_id, struct person_situation *situation)
{
    return exposure_table_find(&index->table, person_id, situation);
}

static struct known_pair *pair_of(const struct keymap_node *node)
{
    return node != NULL ? keymap_pointer(node) : NULL;
}

/* Two pairs may share it; the ids are compared. */
static uint64_t key_of_ids(int64_t child_id, int64_t risk_id)
{
    return (uint64_t)child_id * 0x9e3779b97f4a7c15u ^ (uint64_t)risk_id;
}

static struct known_pair *first_of(const struct exposure_index *index, uint32_t side, int64_t person_id)
{
    return pair_of(keymap_first(&index->pair_map, side, (uint64_t)person_id));
}

static struct known_pair *find_known(const struct exposure_index *index, int64_t child_id, int64_t risk_id)
{
    const struct keymap_node *node = keymap_first(&index->pair_map, PAIR_BY_IDS, key_of_ids(child_id, risk_id));

    while (node != NULL && (pair_of(node)->ids[SIDE_CHILD] != child_id || pair_of(node)->ids[SIDE_RISK] != risk_id))
        node = keymap_next(node);
    return pair_of(node);
}

static void link_pair(struct exposure_index *index, struct known_pair *pair, uint32_t side)
{
    struct known_pair *head = first_of(index, side, pair->ids[side]);

    pair->next[side] = head;
    if (head != NULL) {
        head->previous[side] = pair;
        keymap_replace(&index->pair_map, side, (uint64_t)pair->ids[side], keymap_value(pair));
    } else {
        keymap_insert(&index->pair_map, side, (uint64_t)pair->ids[side], keymap_value(pair));
    }
}

static void unlink_pair(struct exposure_index *index, struct known_pair *pair, uint32_t side)
{
    struct known_pair *next = pair->next[side], *previous = pair->previous[side];

    if (next != NULL)
        next->previous[side] = previous;
    if (previous != NULL)
        previous->next[side] = next;
    else if (next != NULL)
        keymap_replace(&index->pair_map, side, (uint64_t)pair->ids[side], keymap_value(next));
    else
        keymap_remove(&index->pair_map, side, (uint64_t)pair->ids[side], keymap_value(pair));
}

bool exposure_index_remember_pair(struct exposure_index *index, int64_t child_id, int64_t risk_id, uint64_t hash)
{
    struct known_pair *known = find_known(index, child_id, risk_id);

    if (known != NULL) {
        known->hash = hash;
        return true;
    }
    if (!keymap_reserve(&index->pair_map, NODES_OF_PAIR) || !pool_reserve(&index->pairs, 1))
        return false;
    known  = pool_take(&index->pairs);
    *known = (struct known_pair){
        .ids = {child_id, risk_id},
          .hash = hash
    };
    keymap_insert(&index->pair_map, PAIR_BY_IDS, key_of_ids(child_id, risk_id), keymap_value(known));
    link_pair(index, known, SIDE_CHILD);
    link_pair(index, known, SIDE_RISK);
    return true;
}

void exposure_index_forget_pair(struct exposure_index *index, int64_t child_id, int64_t risk_id)
{
    struct known_pair *known = find_known(index, child_id, risk_id);
    if (known == NULL)
        return;
    unlink_pair(index, known, SIDE_CHILD);
    unlink_pair(index, known, SIDE_RISK);
    keymap_remove(&index->pair_map, PAIR_BY_IDS, key_of_ids(child_id, risk_id), keymap_value(known));
    pool_give(&index->pairs, known);
}

static int compare_ids(const struct id_pair *a, const struct id_pair *b)
{
    if (a->child_id != b->child_id)
        return a->child_id < b->child_id ? -1 : 1;
    return a->risk_id < b->risk_id ? -1 : a->risk_id > b->risk_id;
}

static bool add_ids(struct id_pairs *list, struct arena *arena, int64_t child_id, int64_t risk_id)
{
    if (list->count == list->capacity) {
        const size_t    capacity = list->capacity > 0 ? 2 * list->capacity : 64;
        struct id_pair *items    = arena_alloc(arena, capacity, sizeof *items);
        if (items == NULL)
            return false;
        if (list->count > 0)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items    = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = (struct id_pair){ child_id, risk_id };
    return true;
}

static void sift_down(struct id_pair *items, size_t root, size_t count)
{
    for (size_t child = 2 * root + 1; child < count; root = child, child = 2 * root + 1) {
        if (child + 1 < count && compare_ids(&items[child], &items[child + 1]) < 0)
            child++;
        if (compare_ids(&items[root], &items[child]) >= 0)
            return;
        const struct id_pair swapped = items[root];
        items[root]                  = items[child];
        items[child]                 = swapped;
    }
}

/* Heap sort: qsort() may allocate. */
static void sort_and_make_unique(struct id_pairs *list)
{
    size_t kept = 0;

    for (size_t i = list->count / 2; i-- > 0;)
        sift_down(list->items, i, list->count);
    for (size_t end = list->count; end-- > 1;) {
        const struct id_pair swapped = list->items[0];
        list->items[0]               = list->items[end];
        list->items[end]             = swapped;
        sift_down(list->items, 0, end);
    }
    for (size_t i = 0; i < list->count; i++) {
        if (kept == 0 || compare_ids(&list->items[kept - 1], &list->items[i]) != 0)
            list->items[kept++] = list->items[i];
    }
    list->count = kept;
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

static bool is_touched(const struct exposure_batch *batch, int64_t person_id)
{
    return keymap_first(&batch->touched, 0, (uint64_t)person_id) != NULL;
}

static bool mark_touched(struct exposure_batch *batch, int64_t person_id)
{
    batch->is_ready = false;
    if (is_touched(batch, person_id))
        return true;
    return add_ids(&batch->touched_ids, batch->arena, person_id, 0) &&
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

    if (is_touched(batch, person_id))
        return true;
    if (!exposure_table_find(&batch->index->table, person_id, &situation))
        return mark_touched(batch, person_id);
    return exposure_batch_put(batch, &situation);
}

/* One touched person's search for the other side. */
struct gathering {
    const struct exposure_batch *batch;
    struct id_pairs             *candidates;
    int64_t                      person_id;
    enum exposure_role           role; /* of the person searched for */
    bool                         skips_touched;
};

static bool gather(void *context, int64_t other_id)
{
    const struct gathering *g = context;

    if (g->skips_touched && is_touched(g->batch, other_id))
        return true;
    if (g->role == EXPOSURE_RISK)
        return add_ids(g->candidates, g->batch->arena, g->person_id, other_id);
    return add_ids(g->candidates, g->batch->arena, other_id, g->person_id);
}

static bool gather_candidates(const struct exposure_batch *batch, const struct person_situation *situation,
                              double radius_m, struct id_pairs *candidates)
{
    for (int role = EXPOSURE_CHILD; role <= EXPOSURE_RISK; role++) {
        const enum exposure_role other = (enum exposure_role)role;
        struct gathering         g     = { batch, candidates, situation->person_id, other, true };

        if (!exposure_has_role(situation, other == EXPOSURE_CHILD ? EXPOSURE_RISK : EXPOSURE_CHILD))
            continue;
        if (!exposure_table_search(&batch->index->table, situation, other, radius_m, gather, &g))
            return false;
        g.skips_touched = false;
        if (!exposure_table_search(&batch->overlay, situation, other, radius_m, gather, &g))
            return false;
    }
    return true;
}

static bool gather_all(const struct exposure_batch *batch, double radius_m, struct id_pairs *candidates)
{
    struct person_situation situation;

    for (size_t i = 0; i < batch->touched_ids.count; i++) {
        if (exposure_table_find(&batch->overlay, batch->touched_ids.items[i].child_id, &situation) &&
            !gather_candidates(batch, &situation, radius_m, candidates))
            return false;
    }
    sort_and_make_unique(candidates);
    return true;
}

static bool find_after_batch(const struct exposure_batch *batch, int64_t person_id, struct person_situation *situation)
{
    return exposure_table_find(is_touched(batch, person_id) ? &batch->overlay : &batch->index->table, person_id,
                               situation);
}

/* Decides every candidate; the array is as long as if all of them held. */
static bool decide_all(struct exposure_batch *batch, const struct policy *policy, int32_t today,
                       const struct id_pairs *candidates)
{
    struct person_situation child = { .person_id = INT64_MIN }, risk;
    struct exposure_pair   *pairs = arena_alloc(batch->arena, candidates->count, sizeof *pairs);
    size_t                  count = 0;

    if (pairs == NULL)
        return false;
    for (size_t i = 0; i < candidates->count; i++) {
        const struct id_pair *ids = &candidates->items[i];
        if (child.person_id != ids->child_id && !find_after_batch(batch, ids->child_id, &child))
            continue;
        if (!find_after_batch(batch, ids->risk_id, &risk))
            continue;
        if (!exposure_decide_pair(policy, &child, &risk, today, &pairs[count]))
            continue;
        const struct known_pair *known = find_known(batch->index, ids->child_id, ids->risk_id);
        pairs[count].is_known          = known != NULL;
        pairs[count].is_unchanged      = known != NULL && known->hash == pairs[count].evidence_hash[0];
        count++;
    }
    batch->result.pairs      = pairs;
    batch->result.pair_count = count;
    return true;
}

static bool holds(const struct exposure_result *result, int64_t child_id, int64_t risk_id)
{
    const struct id_pair wanted = { child_id, risk_id };
    size_t               low = 0, high = result->pair_count;

    while (low < high) {
        const size_t         middle = low + (high - low) / 2;
        const struct id_pair ids    = { result->pairs[middle].child_id, result->pairs[middle].risk_id };
        const int            order  = compare_ids(&ids, &wanted);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static bool find_gone_of(const struct exposure_batch *batch, int64_t person_id, uint32_t side, struct id_pairs *gone)
{
    const struct known_pair *known = first_of(batch->index, side, person_id);

    for (; known != NULL; known = known->next[side]) {
        if (!holds(&batch->result, known->ids[SIDE_CHILD], known->ids[SIDE_RISK]) &&
            !add_ids(gone, batch->arena, known->ids[SIDE_CHILD], known->ids[SIDE_RISK]))
            return false;
    }
    return true;
}

static bool find_gone(struct exposure_batch *batch)
{
    struct id_pairs gone = { 0 };

    for (size_t i = 0; i < batch->touched_ids.count; i++) {
        const int64_t person_id = batch->touched_ids.items[i].child_id;
        if (!find_gone_of(batch, person_id, SIDE_CHILD, &gone) || !find_gone_of(batch, person_id, SIDE_RISK, &gone))
            return false;
    }
    sort_and_make_unique(&gone);

    struct exposure_gone *out = arena_alloc(batch->arena, gone.count, sizeof *out);
    if (out == NULL)
        return false;
    for (size_t i = 0; i < gone.count; i++)
        out[i] = (struct exposure_gone){ gone.items[i].child_id, gone.items[i].risk_id };
    batch->result.gone       = out;
    batch->result.gone_count = gone.count;
    return true;
}

static bool reserve_merge(struct exposure_batch *batch)
{
    struct exposure_index *index = batch->index;
    const size_t           pairs = batch->result.pair_count;

    return exposure_table_reserve(&index->table, &batch->overlay) &&
           keymap_reserve(&index->pair_map, NODES_OF_PAIR * (pairs + 1)) && pool_reserve(&index->pairs, pairs + 1);
}

enum exposure_status exposure_batch_pairs(struct exposure_batch *batch, const struct policy *policy, int32_t today,
                                          struct exposure_result *result)
{
    struct id_pairs candidates = { 0 };

    sort_and_make_unique(&batch->touched_ids);
    if (!gather_all(batch, policy_search_radius_m(policy), &candidates) ||
        !decide_all(batch, policy, today, &candidates) || !find_gone(batch))
        return EXPOSURE_ARENA_FULL;
    if (!reserve_merge(batch))
        return EXPOSURE_INDEX_FULL;

    batch->is_ready = true;
    *result         = batch->result;
    return EXPOSURE_OK;
}

void exposure_batch_merge(struct exposure_batch *batch)
{
    struct exposure_index  *index = batch->index;
    struct person_situation situation;
    bool                    is_merged = true;

    assert(batch->is_ready);
    for (size_t i = 0; i < batch->touched_ids.count; i++) {
        const int64_t person_id = batch->touched_ids.items[i].child_id;
        if (exposure_table_find(&batch->overlay, person_id, &situation))
            is_merged = exposure_table_put(&index->table, &situation) && is_merged;
        else
            exposure_table_remove(&index->table, person_id);
    }
    for (size_t i = 0; i < batch->result.gone_count; i++)
        exposure_index_forget_pair(index, batch->result.gone[i].child_id, batch->result.gone[i].risk_id);
    for (size_t i = 0; i < batch->result.pair_count; i++) {
        const struct exposure_pair *pair = &batch->result.pairs[i];
        is_merged =
            exposure_index_remember_pair(index, pair->child_id, pair->risk_id, pair->evidence_hash[0]) && is_merged;
    }
    assert(is_merged); /* everything was reserved */
    batch->is_ready = false;
}
