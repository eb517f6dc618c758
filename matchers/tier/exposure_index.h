/* The index and what it knows of the database: the pairs that stand there and the faults that are open; private to
 * exposure*.c. Deliberately without batches: exposure_batch.c changes the index after COMMIT only. */
#ifndef HULEI_MATCHERS_TIER_EXPOSURE_INDEX_H
#define HULEI_MATCHERS_TIER_EXPOSURE_INDEX_H

#include "matchers/tier/exposure_table.h"

/* The sides of a pair. A list by side holds what a person leaves behind; of other subjects than a child only the person
 * of concern's does. */
enum { SIDE_SUBJECT, SIDE_RISK, SIDES };

/* A pair the index holds, in a list of either side: a person of concern may have thousands, and each leaves at once. */
struct known_pair {
    struct exposure_ids ids;
    uint64_t            hash;
    bool                is_opened; /* of rule B1, by a human */
    struct known_pair  *next[SIDES], *previous[SIDES];
};

struct exposure_index {
    struct pool_memory   *memory;
    struct exposure_table table;
    struct keymap         pair_map; /* a person's list by its head, one pair by its ids */
    struct pool           pairs;
    struct keymap         faults; /* person id -> open faults */
};

const struct known_pair *exposure_index_pair(const struct exposure_index *index, const struct exposure_ids *ids);
/* The first of the person's pairs on one side; the others follow by next[side]. */
const struct known_pair *exposure_index_first(const struct exposure_index *index, uint32_t side, int64_t person_id);
uint32_t                 exposure_index_faults(const struct exposure_index *index, int64_t person_id);

/* Makes sure that so many more pairs and faults can be remembered. */
bool exposure_index_reserve(struct exposure_index *index, size_t pairs, size_t faults);

#endif
