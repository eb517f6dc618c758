/* A set of ids in memory of fixed size, that can be gone through in the order of adding.
 * Deliberately never grows: the owner knows the most it may hold, or what to do when it is full. */
#ifndef HULEI_DAEMON_ENGINE_ID_SET_H
#define HULEI_DAEMON_ENGINE_ID_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Ids are not 0. `ids` has room for `capacity`, `slots` for id_set_slots(capacity), zeroed. */
struct id_set {
    int64_t *ids;
    size_t   count, capacity;
    int64_t *slots;
};

/* A power of two, at least twice the capacity. */
static inline size_t id_set_slots(size_t capacity)
{
    size_t slots = 16;

    while (slots < 2 * capacity)
        slots *= 2;
    return slots;
}

static inline void id_set_reset(struct id_set *set)
{
    if (set->count > 0)
        memset(set->slots, 0, id_set_slots(set->capacity) * sizeof *set->slots);
    set->count = 0;
}

/* True when the id is in the set afterwards; false when it is full. */
static inline bool id_set_add(struct id_set *set, int64_t id)
{
    const size_t mask = id_set_slots(set->capacity) - 1;
    size_t       slot = (size_t)(((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & mask;

    while (set->slots[slot] != 0 && set->slots[slot] != id)
        slot = (slot + 1) & mask;
    if (set->slots[slot] == id)
        return true;
    if (set->count == set->capacity)
        return false;
    set->slots[slot]       = id;
    set->ids[set->count++] = id;
    return true;
}

#endif
