/* What the next batch must look at again though no record of it changed: mentions whose address a place moved, or
 * everybody, a slice at a time. */
#ifndef HULEI_DAEMON_ENGINE_DIRTY_H
#define HULEI_DAEMON_ENGINE_DIRTY_H

#include "daemon/engine/id_set.h"

enum {
    DIRTY_MENTIONS_MAX = 1 << 15, /* more means everybody */
    DIRTY_SLICE        = 1 << 13  /* records of interest a batch looks at, when it is everybody's turn */
};

struct dirty {
    size_t        all_left;      /* records of interest still to be looked at, from the last to the first */
    bool          is_all;        /* `all_left` is being worked off */
    int32_t       evaluated_day; /* the day everybody's turn came last; 0: never */
    struct id_set mentions;
    int64_t       ids[DIRTY_MENTIONS_MAX], slots[2 * DIRTY_MENTIONS_MAX];
};

static inline void dirty_init(struct dirty *dirty)
{
    memset(dirty, 0, sizeof *dirty);
    dirty->mentions = (struct id_set){ .ids = dirty->ids, .capacity = DIRTY_MENTIONS_MAX, .slots = dirty->slots };
}

static inline bool dirty_is_set(const struct dirty *dirty)
{
    return dirty->is_all || dirty->mentions.count > 0;
}

static inline void dirty_mark_all(struct dirty *dirty)
{
    dirty->is_all   = true;
    dirty->all_left = SIZE_MAX;
}

static inline void dirty_mark_mention(struct dirty *dirty, int64_t mention_id)
{
    if (!id_set_add(&dirty->mentions, mention_id))
        dirty_mark_all(dirty);
}

/* The slice of `interest` records that is due: [*from, *to); empty when it is nobody's turn. */
static inline void dirty_slice(const struct dirty *dirty, size_t interest, size_t *from, size_t *to)
{
    *to   = !dirty->is_all ? 0 : dirty->all_left < interest ? dirty->all_left : interest;
    *from = *to > DIRTY_SLICE ? *to - DIRTY_SLICE : 0;
}

/* After COMMIT of a batch that looked at the mentions and the slice. Going down, a record that takes the place of a
 * removed one is never passed over. */
static inline void dirty_done(struct dirty *dirty, size_t interest)
{
    size_t from, to;

    dirty_slice(dirty, interest, &from, &to);
    dirty->all_left = from;
    dirty->is_all   = from > 0;
    id_set_reset(&dirty->mentions);
}

#endif
