/* A multi-map from (kind, key) to 64-bit values: which persons hold this building, household, caregiver, cell.
 * Deliberately without order or iteration over all keys. */
#ifndef HULEI_MATCHERS_PROXIMITY_KEYMAP_H
#define HULEI_MATCHERS_PROXIMITY_KEYMAP_H

#include "matchers/proximity/pool.h"

#include <stdint.h>
#include <string.h>

struct keymap_node {
    uint64_t            key;
    uint64_t            value;
    struct keymap_node *next; /* of the same bucket: compare kind and key, or use keymap_next() */
    uint32_t            kind;
};

struct keymap {
    struct pool          nodes;
    struct keymap_node **buckets;
    size_t               bucket_count; /* a power of two, 0 before the first insert */
};

void keymap_init(struct keymap *map, struct pool_memory *memory);
void keymap_clear(struct keymap *map);

/* False when memory is out; the same (kind, key, value) may be in the map more than once. */
bool keymap_insert(struct keymap *map, uint32_t kind, uint64_t key, uint64_t value);

/* Takes one (kind, key, value) out; false when it is not there. */
bool keymap_remove(struct keymap *map, uint32_t kind, uint64_t key, uint64_t value);

/* Gives the first entry of (kind, key) another value; false when there is none. */
bool keymap_replace(struct keymap *map, uint32_t kind, uint64_t key, uint64_t value);

/* The first entry of (kind, key) and the one after `node`; NULL at the end. The map must not change in between. */
const struct keymap_node *keymap_first(const struct keymap *map, uint32_t kind, uint64_t key);
const struct keymap_node *keymap_next(const struct keymap_node *node);

/* A pointer kept as a value, and the pointer of a node so filled. */
static inline uint64_t keymap_value(const void *pointer)
{
    return (uint64_t)(uintptr_t)pointer;
}

static inline void *keymap_pointer(const struct keymap_node *node)
{
    void *pointer;

    _Static_assert(sizeof pointer == sizeof node->value, "a value holds a pointer");
    memcpy(&pointer, &node->value, sizeof pointer);
    return pointer;
}

/* Makes sure that the next `count` inserts succeed. */
bool keymap_reserve(struct keymap *map, size_t count);

#endif
