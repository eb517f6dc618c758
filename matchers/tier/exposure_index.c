/* The index between batches; see exposure.h and exposure_index.h.
 * Deliberately decides nothing: situations go in, known pairs and faults are looked up. */
#include "matchers/tier/exposure_index.h"

struct exposure_index *exposure_index_make(struct pool_memory *memory)
{
    struct exposure_index *index = pool_memory_acquire(memory, sizeof *index);
    if (index == NULL)
        return NULL;

    *index = (struct exposure_index){ .memory = memory };
    exposure_table_init(&index->table, memory);
    keymap_init(&index->pair_map, memory);
    keymap_init(&index->faults, memory);
    pool_init(&index->pairs, memory, sizeof(struct known_pair));
    return index;
}

void exposure_index_drop(struct exposure_index *index)
{
    if (index == NULL)
        return;
    exposure_table_clear(&index->table);
    keymap_clear(&index->pair_map);
    keymap_clear(&index->faults);
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

/* ---- known pairs ---- */

enum { PAIR_BY_IDS = SIDES, NODES_OF_PAIR = SIDES + 1 };

static struct known_pair *pair_of(const struct keymap_node *node)
{
    return node != NULL ? keymap_pointer(node) : NULL;
}

int exposure_compare_ids(const struct exposure_ids *a, const struct exposure_ids *b)
{
    if (a->subject != b->subject)
        return a->subject < b->subject ? -1 : 1;
    if (a->subject_id != b->subject_id)
        return a->subject_id < b->subject_id ? -1 : 1;
    return a->risk_id < b->risk_id ? -1 : a->risk_id > b->risk_id;
}

/* Two pairs may share it; the ids are compared. */
static uint64_t key_of_ids(const struct exposure_ids *ids)
{
    return ((uint64_t)ids->subject_id + (uint64_t)ids->subject) * 0x9e3779b97f4a7c15u ^ (uint64_t)ids->risk_id;
}

static struct known_pair *first_of(const struct exposure_index *index, uint32_t side, int64_t person_id)
{
    return pair_of(keymap_first(&index->pair_map, side, (uint64_t)person_id));
}

static struct known_pair *find_known(const struct exposure_index *index, const struct exposure_ids *ids)
{
    const struct keymap_node *node = keymap_first(&index->pair_map, PAIR_BY_IDS, key_of_ids(ids));

    while (node != NULL && exposure_compare_ids(&pair_of(node)->ids, ids) != 0)
        node = keymap_next(node);
    return pair_of(node);
}

const struct known_pair *exposure_index_pair(const struct exposure_index *index, const struct exposure_ids *ids)
{
    return find_known(index, ids);
}

const struct known_pair *exposure_index_first(const struct exposure_index *index, uint32_t side, int64_t person_id)
{
    return first_of(index, side, person_id);
}

static bool is_listed(const struct known_pair *pair, uint32_t side)
{
    return side == SIDE_RISK || pair->ids.subject == SUBJECT_CHILD;
}

static int64_t id_of(const struct known_pair *pair, uint32_t side)
{
    return side == SIDE_RISK ? pair->ids.risk_id : pair->ids.subject_id;
}

static void link_pair(struct exposure_index *index, struct known_pair *pair, uint32_t side)
{
    if (!is_listed(pair, side))
        return;
    const uint64_t     id   = (uint64_t)id_of(pair, side);
    struct known_pair *head = first_of(index, side, (int64_t)id);

    pair->next[side] = head;
    if (head != NULL) {
        head->previous[side] = pair;
        keymap_replace(&index->pair_map, side, id, keymap_value(pair));
    } else {
        keymap_insert(&index->pair_map, side, id, keymap_value(pair));
    }
}

static void unlink_pair(struct exposure_index *index, struct known_pair *pair, uint32_t side)
{
    if (!is_listed(pair, side))
        return;
    const uint64_t     id   = (uint64_t)id_of(pair, side);
    struct known_pair *next = pair->next[side], *previous = pair->previous[side];

    if (next != NULL)
        next->previous[side] = previous;
    if (previous != NULL)
        previous->next[side] = next;
    else if (next != NULL)
        keymap_replace(&index->pair_map, side, id, keymap_value(next));
    else
        keymap_remove(&index->pair_map, side, id, keymap_value(pair));
}

bool exposure_index_remember_pair(struct exposure_index *index, const struct exposure_ids *ids, uint64_t hash,
                                  bool is_opened)
{
    struct known_pair *known = find_known(index, ids);

    if (known != NULL) {
        known->hash      = hash;
        known->is_opened = is_opened;
        return true;
    }
    if (!keymap_reserve(&index->pair_map, NODES_OF_PAIR) || !pool_reserve(&index->pairs, 1))
        return false;
    known  = pool_take(&index->pairs);
    *known = (struct known_pair){ .ids = *ids, .hash = hash, .is_opened = is_opened };
    keymap_insert(&index->pair_map, PAIR_BY_IDS, key_of_ids(ids), keymap_value(known));
    link_pair(index, known, SIDE_SUBJECT);
    link_pair(index, known, SIDE_RISK);
    return true;
}

void exposure_index_forget_pair(struct exposure_index *index, const struct exposure_ids *ids)
{
    struct known_pair *known = find_known(index, ids);
    if (known == NULL)
        return;
    unlink_pair(index, known, SIDE_SUBJECT);
    unlink_pair(index, known, SIDE_RISK);
    keymap_remove(&index->pair_map, PAIR_BY_IDS, key_of_ids(ids), keymap_value(known));
    pool_give(&index->pairs, known);
}

/* ---- open faults ---- */

uint32_t exposure_index_faults(const struct exposure_index *index, int64_t person_id)
{
    const struct keymap_node *node = keymap_first(&index->faults, 0, (uint64_t)person_id);

    return node != NULL ? (uint32_t)node->value : 0;
}

bool exposure_index_remember_faults(struct exposure_index *index, int64_t person_id, uint32_t faults)
{
    const uint32_t known = exposure_index_faults(index, person_id);

    if (known == faults)
        return true;
    if (known != 0)
        keymap_remove(&index->faults, 0, (uint64_t)person_id, known);
    return faults == 0 || keymap_insert(&index->faults, 0, (uint64_t)person_id, faults);
}

bool exposure_index_reserve(struct exposure_index *index, size_t pairs, size_t faults)
{
    return keymap_reserve(&index->pair_map, NODES_OF_PAIR * (pairs + 1)) && pool_reserve(&index->pairs, pairs + 1) &&
           keymap_reserve(&index->faults, faults + 1);
}
