/* Whom a profile may resemble: everybody under one of its live keys, once.
 * Deliberately with the memory of the caller, so that any number of threads may scan one index that stands still. */
#include "matchers/identity/index_parts.h"

#include <string.h>

enum { PROFILES_AHEAD = 4 };

size_t scanner_found_max(const struct identity_model *model)
{
    const int32_t most =
        model->generic_holders > model->hot_key_holders ? model->generic_holders : model->hot_key_holders;

    return (size_t)most * KEYS_MAX;
}

static uint32_t slot_count(const struct identity_model *model)
{
    uint32_t count = 64;

    while (count < scanner_found_max(model) * 2)
        count *= 2;
    return count;
}

size_t identity_scanner_bytes(const struct identity_model *model)
{
    return sizeof(struct identity_scanner) + slot_count(model) * sizeof(struct scanned) +
           scanner_found_max(model) * sizeof(uint32_t);
}

struct identity_scanner *identity_scanner_init(const struct identity_index *index, void *memory)
{
    struct identity_scanner *scanner = memory;
    const uint32_t           slots   = slot_count(index->model);

    scanner->index     = index;
    scanner->slot_mask = slots - 1;
    scanner->slots     = (struct scanned *)(scanner + 1);
    scanner->found     = (uint32_t *)(scanner->slots + slots);
    return scanner;
}

/* False: it was there. The slots are never full, see scanner_found_max(). */
static bool add(struct identity_scanner *scanner, uint32_t profile)
{
    uint32_t slot = profile * UINT32_C(2654435769) >> 8 & scanner->slot_mask;

    for (; scanner->slots[slot].stamp == scanner->stamp; slot = (slot + 1) & scanner->slot_mask) {
        if (scanner->slots[slot].profile == profile)
            return false;
    }
    scanner->slots[slot] = (struct scanned){ scanner->stamp, profile };
    return true;
}

/* The keys that are not too common, their first nodes on the way into the cache. */
static size_t live_keys(const struct identity_index *index, const struct profile *profile,
                        const struct key *keys[KEYS_MAX])
{
    size_t all = 0, live = 0;

    for (uint32_t i = profile->node_head; i != 0; i = node_at(index, i)->profile_next) {
        keys[all] = key_at(index, node_at(index, i)->key);
        __builtin_prefetch(keys[all++]);
    }
    for (size_t i = 0; i < all; i++) {
        if (keys[i]->count < 2 || key_is_common(index, keys[i]))
            continue;
        keys[live++] = keys[i];
        __builtin_prefetch(node_at(index, keys[i]->head));
    }
    return live;
}

static void new_stamp(struct identity_scanner *scanner)
{
    if (++scanner->stamp != 0)
        return;
    memset(scanner->slots, 0, (scanner->slot_mask + 1) * sizeof scanner->slots[0]);
    scanner->stamp = 1;
}

static void prefetch(const struct identity_index *index, uint32_t number)
{
    const char *profile = (const char *)profile_at(index, number);

    for (size_t at = 0; at < sizeof(struct profile); at += 64)
        __builtin_prefetch(profile + at);
}

void profile_scan(struct identity_scanner *scanner, uint32_t                            number,
                  void (*found)(void *context, uint32_t profile, uint32_t other), void *context)
{
    const struct identity_index *index = scanner->index;
    const struct key            *keys[KEYS_MAX];
    const size_t                 key_count = live_keys(index, profile_at(index, number), keys);
    size_t                       count     = 0;

    new_stamp(scanner);
    add(scanner, number);
    for (size_t i = 0; i < key_count; i++) {
        for (uint32_t j = keys[i]->head; j != 0; j = node_at(index, j)->next) {
            const uint32_t other = node_at(index, j)->profile;

            if (add(scanner, other))
                scanner->found[count++] = other;
        }
    }
    for (size_t i = 0; i < count && i < PROFILES_AHEAD; i++)
        prefetch(index, scanner->found[i]);
    for (size_t i = 0; i < count; i++) {
        if (i + PROFILES_AHEAD < count)
            prefetch(index, scanner->found[i + PROFILES_AHEAD]);
        found(context, number, scanner->found[i]);
    }
}
