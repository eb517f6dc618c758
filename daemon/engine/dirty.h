/* What coming batches must look at again though no record of theirs changed: mentions whose address a place moved, and
 * everybody when a day has passed. A batch takes a turn, never all: a loaded library must not hold up the feeds. */
#ifndef HULEI_DAEMON_ENGINE_DIRTY_H
#define HULEI_DAEMON_ENGINE_DIRTY_H

#include "daemon/engine/id_set.h"

enum {
    DIRTY_MENTIONS_MAX = 1 << 16, /* more means everybody */
    DIRTY_TURN_BUSY    = 1 << 10, /* mentions and records of interest a batch with messages looks at */
    DIRTY_TURN_IDLE    = 1 << 13, /* and one without */
};

struct dirty {
    size_t        all_left; /* records of interest still to be looked at, from the last to the first; SIZE_MAX: all */
    int32_t       evaluated_day; /* the day everybody's turn came last; 0: never */
    struct id_set marked;        /* since `due` was taken */
    struct id_set due;
    size_t        due_done; /* of `due` */
    int64_t       ids[2][DIRTY_MENTIONS_MAX], slots[2][2 * DIRTY_MENTIONS_MAX];
};

/* What one batch looks at. */
struct dirty_turn {
    const int64_t *mentions;
    size_t         mention_count;
    size_t         from, to; /* of the records of interest */
};

void dirty_init(struct dirty *dirty);
/* Nothing waits. */
bool dirty_is_clean(const struct dirty *dirty);

void dirty_mark_all(struct dirty *dirty);
void dirty_mark_mention(struct dirty *dirty, int64_t mention_id);

/* The turn of a batch, at most `most` in all, of `interest` records of interest. Asked again, it answers the same. */
struct dirty_turn dirty_turn(struct dirty *dirty, size_t interest, size_t most);

/* After COMMIT of the batch, and before anything is marked or the records of interest change. */
void dirty_done(struct dirty *dirty, const struct dirty_turn *turn);

#endif
