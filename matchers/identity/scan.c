/* Whom a profile may resemble: everybody under one of its live keys, once.
 * Deliberately with the memory of the caller, so that any number of threads may scan one index that stands still. */
#include "matchers/identity/index_parts.h"

#include <string.h>

enum { PROFILES_AHEAD = 8, PREFETCHED_BYTES = 192 };

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

/* Where to start under each key that is not too common: with its first node, or behind the profile's own, where those
 * stand that came before it. */
static size_t first_nodes(const struct identity_index *index, const struct profile *profile, bool earlier_only,
                          const struct node *nodes[KEYS_MAX])
{
    const struct node *own[KEYS_MAX];
    size_t             all = 0, live = 0;

    for (uint32_t i = profile->node_head; i != 0; i = own[all++]->profile_next) {
        own[all] = node_at(index, i);
        __builtin_prefetch(key_at(index, own[all]->key));
    }
    for (size_t i = 0; i < all; i++) {
        const struct key *key   = key_at(index, own[i]->key);
        const uint32_t    first = earlier_only ? own[i]->next : key->head;

        if (key->count < 2 || key_is_common(index, key) || first == 0)
            continue;
        nodes[live++] = node_at(index, first);
        __builtin_prefetch(nodes[live - 1]);
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

    for (size_t at = 0; at < PREFETCHED_BYTES; at += 64)
        __builtin_prefetch(profile + at);
}

/* Walks all keys side by side: each waits for memory, together they wait once. */
static size_t collect(struct identity_scanner *scanner, uint32_t number, bool edges_only)
{
    const struct identity_index *index = scanner->index;
    const uint32_t               gist  = profile_gist(profile_at(index, number));
    const struct node           *nodes[KEYS_MAX];
    size_t                       live = first_nodes(index, profile_at(index, number), edges_only, nodes), count = 0;

    new_stamp(scanner);
    add(scanner, number);
    while (live > 0) {
        size_t kept = 0;

        for (size_t i = 0; i < live; i++) {
            const uint32_t other = nodes[i]->profile, next = nodes[i]->next;

            if (!(edges_only && gists_are_strangers(gist, nodes[i]->gist)) && add(scanner, other))
                scanner->found[count++] = other;
            if (next == 0)
                continue;
            nodes[kept++] = node_at(index, next);
            __builtin_prefetch(nodes[kept - 1]);
        }
        live = kept;
    }
    return count;
}

static void scan(struct identity_scanner *scanner, uint32_t number, bool edges_only,
                 void (*found)(void *context, uint32_t profile, uint32_t other), void *context)
{
    const struct identity_index *index = scanner->index;
    const size_t                 count = collect(scanner, number, edges_only);

    for (size_t i = 0; i < count && i < PROFILES_AHEAD; i++)
        prefetch(index, scanner->found[i]);
    for (size_t i = 0; i < count; i++) {
        if (i + PROFILES_AHEAD < count)
            prefetch(index, scanner->found[i + PROFILES_AHEAD]);
        found(context, number, scanner->found[i]);
    }
}

void profile_scan(struct identity_scanner *scanner, uint32_t                            number,
                  void (*found)(void *context, uint32_t profile, uint32_t other), void *context)
{
    scan(scanner, number, false, found, context);
}

void profile_scan_edges(struct identity_scanner *scanner, uint32_t                            number,
                        void (*found)(void *context, uint32_t profile, uint32_t other), void *context)
{
    scan(scanner, number, true, found, context);
}
