/* A batch over the index: its overlay, whom it touched, and persons as the batch leaves them; private to exposure*.c.
 */
#ifndef HULEI_MATCHERS_TIER_EXPOSURE_BATCH_H
#define HULEI_MATCHERS_TIER_EXPOSURE_BATCH_H

#include "matchers/tier/exposure_ids.h"
#include "matchers/tier/exposure_index.h"

enum { EXPOSURE_OPENED_MAX = 16 };

struct exposure_batch {
    struct exposure_index  *index;
    struct arena           *arena;
    struct pool_memory      memory;
    struct exposure_table   overlay;
    struct keymap           touched;                     /* person id -> 1 */
    struct exposure_id_list touched_ids;                 /* subject_id holds the person */
    uint64_t                opened[EXPOSURE_OPENED_MAX]; /* communities */
    size_t                  opened_count;
    struct exposure_result  result;
    bool                    is_ready; /* the result is of the present state and the merge is reserved */
};

bool exposure_batch_is_touched(const struct exposure_batch *batch, int64_t person_id);

/* The person as the batch leaves her; false when she is in no role then. */
bool exposure_batch_find(const struct exposure_batch *batch, int64_t person_id, struct person_situation *situation);

/*
 * Whatever may hold after the batch though it might not have before, or the other way round: pairs of touched persons,
 * and the groups around them (exposure_gather.c). Sorted. False when the arena is full.
 */
bool exposure_batch_gather(const struct exposure_batch *batch, const struct policy *policy,
                           struct exposure_id_list *candidates);

/* The children of the profile around each residence of the person of concern. False when the arena is full.
 */
bool exposure_batch_count_children(const struct exposure_batch *batch, const struct policy *policy, int32_t today,
                                   const struct person_situation *risk,
                                   struct exposure_group          groups[EXPOSURE_RESIDENCES]);

#endif
