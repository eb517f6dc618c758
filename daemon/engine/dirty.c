/* Marked mentions and everybody's turn; see dirty.h.
 * Deliberately without memory of its own: what does not fit means everybody. */
#include "daemon/engine/dirty.h"

static struct id_set set_of(struct dirty *dirty, int which)
{
    return (struct id_set){ .ids = dirty->ids[which], .capacity = DIRTY_MENTIONS_MAX, .slots = dirty->slots[which] };
}

void dirty_init(struct dirty *dirty)
{
    memset(dirty, 0, sizeof *dirty);
    dirty->marked = set_of(dirty, 0);
    dirty->due    = set_of(dirty, 1);
}

bool dirty_is_clean(const struct dirty *dirty)
{
    return dirty->all_left == 0 && dirty->marked.count == 0 && dirty->due_done == dirty->due.count;
}

void dirty_mark_all(struct dirty *dirty)
{
    dirty->all_left = SIZE_MAX;
}

void dirty_mark_mention(struct dirty *dirty, int64_t mention_id)
{
    if (!id_set_add(&dirty->marked, mention_id))
        dirty_mark_all(dirty);
}

static void take_marked(struct dirty *dirty)
{
    const struct id_set worked_off = dirty->due;

    dirty->due      = dirty->marked;
    dirty->due_done = 0;
    dirty->marked   = worked_off;
    id_set_reset(&dirty->marked);
}

struct dirty_turn dirty_turn(struct dirty *dirty, size_t interest, size_t most)
{
    struct dirty_turn turn = { .mentions = NULL };

    if (dirty->due_done == dirty->due.count)
        take_marked(dirty);
    const size_t due   = dirty->due.count - dirty->due_done;
    turn.mentions      = dirty->due.ids + dirty->due_done;
    turn.mention_count = due < most ? due : most;

    const size_t left = most - turn.mention_count;
    turn.to           = dirty->all_left < interest ? dirty->all_left : interest;
    turn.from         = turn.to > left ? turn.to - left : 0;
    return turn;
}

/* Going down, a record that takes the place of a removed one is never passed over. */
void dirty_done(struct dirty *dirty, const struct dirty_turn *turn)
{
    dirty->due_done += turn->mention_count;
    if (dirty->all_left != 0)
        dirty->all_left = turn->from;
}
