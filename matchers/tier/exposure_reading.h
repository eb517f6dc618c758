/* One way to read a pair (an address of either side, a record of concern) and how the telling one is chosen; private to
 * exposure*.c. Deliberately without the index, so that a brute-force run over all pairs uses the very same code. */
#ifndef HULEI_MATCHERS_TIER_EXPOSURE_READING_H
#define HULEI_MATCHERS_TIER_EXPOSURE_READING_H

#include "matchers/tier/exposure.h"

/* Either address may be missing. */
struct reading {
    const struct exposure_residence *child_home;
    const struct exposure_residence *risk_home;
    const struct exposure_concern   *concern;
    struct pair_facts                facts;
    struct tier_decision             decision;
};

/* Takes over what one record of concern says. */
void reading_take_concern(struct reading *reading, const struct exposure_concern *concern, int32_t moved_day);

/* Decides the reading and keeps the stronger of both in *best; which one does not depend on the order of calls. */
void reading_keep_better(struct reading *best, struct reading *reading, const struct policy *policy, int32_t today);

/* Everything of the pair but the child's own facts. */
void reading_fill_pair(const struct reading *best, const struct exposure_ids *ids, int32_t today,
                       struct exposure_pair *pair);

#endif
