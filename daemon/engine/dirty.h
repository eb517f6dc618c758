/* What the next batch must look at again though no record of it changed: towns whose places moved, or everybody. */
#ifndef HULEI_DAEMON_ENGINE_DIRTY_H
#define HULEI_DAEMON_ENGINE_DIRTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DIRTY_TOWNS_MAX = 512 };

struct dirty {
    bool     is_all;
    int32_t  evaluated_day;          /* the day all persons were looked at last; 0: never */
    uint64_t towns[DIRTY_TOWNS_MAX]; /* first nine digits of the community code */
    size_t   town_count;
};

static inline void dirty_reset(struct dirty *dirty)
{
    dirty->is_all     = false;
    dirty->town_count = 0;
}

static inline void dirty_init(struct dirty *dirty)
{
    *dirty = (struct dirty){ .is_all = false };
}

static inline bool dirty_is_set(const struct dirty *dirty)
{
    return dirty->is_all || dirty->town_count > 0;
}

static inline void dirty_mark_all(struct dirty *dirty)
{
    dirty->is_all = true;
}

/* `code` is a 12-digit community code; a code without a town, or too many towns, means everybody. */
static inline void dirty_mark_community(struct dirty *dirty, uint64_t code)
{
    const uint64_t town = code / 1000;

    if (town % 1000 == 0 || dirty->town_count == DIRTY_TOWNS_MAX) {
        dirty->is_all = true;
        return;
    }
    for (size_t i = 0; i < dirty->town_count; i++) {
        if (dirty->towns[i] == town)
            return;
    }
    dirty->towns[dirty->town_count++] = town;
}

static inline bool dirty_has_community(const struct dirty *dirty, uint64_t code)
{
    if (dirty->is_all)
        return true;
    for (size_t i = 0; i < dirty->town_count; i++) {
        if (dirty->towns[i] == code / 1000)
            return true;
    }
    return false;
}

#endif
