/* One batch over the identity index: every change in place, every step noted so that it can be taken back.
 * Deliberately one at a time; clustering itself is in cluster.c and assign.c. */
#include "matchers/identity/index_parts.h"

#include <assert.h>

struct identity_batch *identity_batch_begin(struct identity_index *index, struct arena *arena)
{
    struct identity_batch *batch = arena_alloc(arena, 1, sizeof *batch);

    assert(!index->has_open_batch);
    if (batch == NULL)
        return NULL;
    batch->index          = index;
    batch->arena          = arena;
    index->has_open_batch = true;
    return batch;
}

void batch_note_seed(struct identity_batch *batch, int64_t mention_id)
{
    if (batch->seeds == NULL || batch->seeds->count == SEEDS_PER_CHUNK) {
        struct seed_chunk *chunk = arena_alloc(batch->arena, 1, sizeof *chunk);

        if (chunk == NULL) {
            batch->has_failed = true;
            return;
        }
        chunk->previous = batch->seeds;
        batch->seeds    = chunk;
    }
    batch->seeds->mention_ids[batch->seeds->count++] = mention_id;
}

/* Room for one step and its undo; NULL marks the batch as failed. */
static struct undo *begin_step(struct identity_batch *batch, enum undo_kind kind)
{
    struct undo *undo = batch->has_failed ? NULL : arena_alloc(batch->arena, 1, sizeof *undo);

    assert(!batch->is_resolved);
    if (undo == NULL || !index_reserve(batch->index, 1)) {
        batch->has_failed = true;
        return NULL;
    }
    undo->kind     = kind;
    undo->previous = batch->undo;
    return undo;
}

static void remember_mention(const struct identity_index *index, struct undo *undo, uint32_t number)
{
    const struct mention *mention = mention_at(index, number);

    undo->existed    = true;
    undo->canonical  = mention->canonical;
    undo->sole_group = mention->sole_group;
    undo->features   = profile_at(index, mention->profile)->features;
    undo->person_id  = mention->person != 0 ? person_at(index, mention->person)->person_id : 0;
}

/* A record that was withdrawn and came back within the batch belongs where it was. */
static int64_t removed_from(const struct identity_batch *batch, int64_t mention_id)
{
    const struct removal *removal = batch->buckets[index_id_hash(mention_id) % REMOVAL_BUCKETS];

    for (; removal != NULL; removal = removal->in_bucket) {
        if (removal->mention_id == mention_id)
            return removal->person_id;
    }
    return 0;
}

static void replace_mention(struct identity_batch *batch, uint32_t number, uint64_t canonical, uint32_t sole_group,
                            const struct mention_features *features)
{
    struct identity_index *index   = batch->index;
    struct mention        *mention = mention_at(index, number);
    const struct profile  *profile = profile_at(index, mention->profile);

    batch_note_seed(batch, mention->mention_id);
    if (mention->canonical == canonical && mention->sole_group == sole_group &&
        memcmp(&profile->features, features, sizeof *features) == 0)
        return;
    profile_detach(index, batch, number);
    mention->canonical  = canonical;
    mention->sole_group = sole_group;
    profile_attach(index, batch, number, features);
}

bool identity_batch_put(struct identity_batch *batch, int64_t mention_id, uint64_t canonical, uint32_t sole_group,
                        const struct mention_features *features)
{
    struct identity_index *index = batch->index;
    struct undo           *undo  = mention_features_are_usable(features) ? begin_step(batch, UNDO_MENTION) : NULL;

    if (undo == NULL)
        return false;

    const uint32_t number = index_find_mention(index, mention_id);
    undo->mention_id      = mention_id;
    batch->undo           = undo;
    if (number != 0) {
        remember_mention(index, undo, number);
        replace_mention(batch, number, canonical, sole_group, features);
    } else {
        const uint32_t added = index_add_mention(index, mention_id, canonical, sole_group);

        profile_attach(index, batch, added, features);
        index_move(index, added, removed_from(batch, mention_id));
        batch_note_seed(batch, mention_id);
    }
    return !batch->has_failed;
}

static void take_out(struct identity_index *index, struct identity_batch *batch, uint32_t number)
{
    profile_detach(index, batch, number);
    index_move(index, number, 0);
    table_remove(&index->mention_table, number);
    blocks_give(&index->mentions, number);
}

bool identity_batch_remove(struct identity_batch *batch, int64_t mention_id)
{
    struct identity_index *index  = batch->index;
    const uint32_t         number = index_find_mention(index, mention_id);

    if (number == 0)
        return !batch->has_failed;

    struct removal *removal = arena_alloc(batch->arena, 1, sizeof *removal);
    struct undo    *undo    = removal != NULL ? begin_step(batch, UNDO_MENTION) : NULL;
    if (undo == NULL) {
        batch->has_failed = true;
        return false;
    }
    remember_mention(index, undo, number);
    undo->mention_id        = mention_id;
    batch->undo             = undo;
    struct removal **bucket = &batch->buckets[index_id_hash(mention_id) % REMOVAL_BUCKETS];
    *removal                = (struct removal){ batch->removals, *bucket, mention_id, undo->person_id };
    batch->removals = *bucket = removal;
    take_out(index, batch, number);

    const uint32_t person = undo->person_id != 0 ? index_find_person(index, undo->person_id) : 0;
    if (person != 0)
        batch_note_seed(batch, mention_at(index, person_at(index, person)->member_head)->mention_id);
    return !batch->has_failed;
}

bool identity_batch_decide(struct identity_batch *batch, int64_t mention_a, int64_t mention_b,
                           enum identity_verdict verdict)
{
    struct undo *undo = begin_step(batch, UNDO_DECISION);

    if (undo == NULL)
        return false;
    undo->mention_id = mention_a;
    undo->other_id   = mention_b;
    undo->verdict    = decision_of(batch->index, mention_a, mention_b);
    if (!decision_reserve(batch->index)) {
        batch->has_failed = true;
        return false;
    }
    batch->undo = undo;
    decision_store(batch->index, batch, mention_a, mention_b, verdict);
    batch_note_seed(batch, mention_a);
    batch_note_seed(batch, mention_b);
    return !batch->has_failed;
}

bool identity_batch_touch(struct identity_batch *batch, int64_t mention_id)
{
    batch_note_seed(batch, mention_id);
    return !batch->has_failed;
}

bool identity_batch_resolve(struct identity_batch *batch, int64_t *next_person_id)
{
    struct clustering clustering = { 0 };

    assert(!batch->is_resolved);
    if (batch->has_failed || !cluster_touched(batch, &clustering) ||
        !assign_persons(batch, &clustering, next_person_id)) {
        batch->has_failed = true;
        return false;
    }
    batch->is_resolved = true;
    return true;
}

const struct identity_result *identity_batch_result(const struct identity_batch *batch)
{
    return &batch->result;
}

void identity_batch_merge(struct identity_batch *batch)
{
    assert(batch->is_resolved && !batch->has_failed);
    batch->index->has_open_batch = false;
}

static void undo_mention(struct identity_index *index, const struct undo *undo)
{
    uint32_t number = index_find_mention(index, undo->mention_id);

    if (!undo->existed) {
        take_out(index, NULL, number);
        return;
    }
    if (number != 0) {
        struct mention *mention = mention_at(index, number);

        profile_detach(index, NULL, number);
        mention->canonical  = undo->canonical;
        mention->sole_group = undo->sole_group;
    } else {
        number = index_add_mention(index, undo->mention_id, undo->canonical, undo->sole_group);
    }
    profile_attach(index, NULL, number, &undo->features);
    index_move(index, number, undo->person_id);
}

void identity_batch_discard(struct identity_batch *batch)
{
    if (batch == NULL)
        return;

    /* Each step back takes the blocks that the step itself gave: none can be lacking. */
    struct identity_index *index = batch->index;
    for (const struct undo *undo = batch->undo; undo != NULL; undo = undo->previous) {
        switch (undo->kind) {
        case UNDO_MENTION:
            undo_mention(index, undo);
            break;
        case UNDO_PERSON:
            index_move(index, index_find_mention(index, undo->mention_id), undo->person_id);
            break;
        case UNDO_DECISION:
            decision_store(index, NULL, undo->mention_id, undo->other_id, undo->verdict);
            break;
        }
    }
    for (size_t i = 0; i < batch->result.person_count; i++) {
        const uint32_t person = index_find_person(index, batch->result.persons[i].person_id);

        if (person != 0)
            person_at(index, person)->grade = GRADE_UNKNOWN;
    }
    index->has_open_batch = false;
}
