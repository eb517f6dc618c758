/* What blocking costs and what it hides; see blocking.h.
 * Deliberately slow and exact: for reports, not for matching. */
#include "matchers/identity/blocking.h"

#include "matchers/identity/index_parts.h"

#include <assert.h>

static bool is_heavier(const struct identity_key_load *a, const struct identity_key_load *b)
{
    return a->holders != b->holders ? a->holders > b->holders : a->hash < b->hash;
}

/* Keeps the list sorted; the lightest falls out when it is full. */
static size_t insert(struct identity_key_load *loads, size_t count, size_t capacity,
                     const struct identity_key_load *load)
{
    if (count == capacity && (capacity == 0 || !is_heavier(load, &loads[count - 1])))
        return count;

    size_t at = count < capacity ? count++ : count - 1;
    for (; at > 0 && is_heavier(load, &loads[at - 1]); at--)
        loads[at] = loads[at - 1];
    loads[at] = *load;
    return count;
}

size_t identity_key_loads(const struct identity_index *index, struct identity_key_load *loads, size_t capacity)
{
    size_t count = 0;

    for (uint32_t number = 1; number <= index->keys.made; number++) {
        const struct key *key = key_at(index, number);

        /* A block that is free has no holders. */
        if (key->count < 2)
            continue;
        const struct identity_key_load load = { blocking_key_word((enum key_kind)key->kind), key->count,
                                                key_is_common(index, key), key->item.hash };
        count                               = insert(loads, count, capacity, &load);
    }
    return count;
}

static bool holds_key(const struct identity_index *index, const struct profile *profile, uint32_t key)
{
    for (uint32_t i = profile->node_head; i != 0; i = node_at(index, i)->profile_next) {
        if (node_at(index, i)->key == key)
            return true;
    }
    return false;
}

bool identity_is_candidate(const struct identity_index *index, int64_t mention_a, int64_t mention_b)
{
    const uint32_t a = index_find_mention(index, mention_a), b = index_find_mention(index, mention_b);

    if (a == 0 || b == 0)
        return false;
    if (mention_at(index, a)->profile == mention_at(index, b)->profile)
        return true;
    const struct profile *first  = profile_at(index, mention_at(index, a)->profile);
    const struct profile *second = profile_at(index, mention_at(index, b)->profile);
    for (uint32_t i = first->node_head; i != 0; i = node_at(index, i)->profile_next) {
        const uint32_t key = node_at(index, i)->key;

        if (!key_is_common(index, key_at(index, key)) && holds_key(index, second, key))
            return true;
    }
    return false;
}

static void count_candidate(void *context, uint32_t number, uint32_t other)
{
    uint64_t *count = context;

    (void)number;
    (void)other;
    (*count)++;
}

uint64_t identity_candidate_count(struct identity_index *index)
{
    uint64_t count = 0;

    assert(!index->has_open_batch);
    for (uint32_t number = 1; number <= index->profiles.made; number++) {
        if (profile_at(index, number)->mention_count > 0)
            profile_scan(index->scanner, number, count_candidate, &count);
    }
    return count / 2;
}
