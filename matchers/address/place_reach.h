/* Which addresses a place of the library can move: both sides are registered under what they state in common.
 * Deliberately never finer than place_index.h and never coarser than a village group: means of a whole community move
 * with every place, and no rule counts metres from them. */
#ifndef HULEI_MATCHERS_ADDRESS_PLACE_REACH_H
#define HULEI_MATCHERS_ADDRESS_PLACE_REACH_H

#include "matchers/proximity/keymap.h"

struct address_features;

enum { PLACE_REACH_KEYS = 4 }; /* village group, numbered village house, road and number, estate */

struct place_reach {
    struct keymap map;
};

void place_reach_init(struct place_reach *reach, struct pool_memory *memory);
void place_reach_clear(struct place_reach *reach);

/* Makes sure that the next so many additions and puts succeed. False when memory is out; nothing is lost then. */
bool place_reach_reserve(struct place_reach *reach, size_t addresses, size_t places);

/* An address that somebody, `resident`, has. Add and remove with the same features; false when memory is out. */
bool place_reach_add(struct place_reach *reach, const struct address_features *features, uint64_t resident);
void place_reach_remove(struct place_reach *reach, const struct address_features *features, uint64_t resident);

/* May be called more than once for a resident. by_group: the place moves nothing but the middle of the resident's
 * village group, which is of no concern to whom the library places better than that. */
typedef void (*place_reach_visit)(void *context, uint64_t resident, bool by_group);

/*
 * Puts the place `handle` (not 0), or puts it anew: visits every resident whose point of group precision or better, or
 * whose completed road and number, the old or the new version may change. False when memory is out.
 */
bool place_reach_put_place(struct place_reach *reach, uint64_t handle, const struct address_features *features,
                           place_reach_visit visit, void *context);
/* The same for a place that goes. */
void place_reach_remove_place(struct place_reach *reach, uint64_t handle, place_reach_visit visit, void *context);

#endif
