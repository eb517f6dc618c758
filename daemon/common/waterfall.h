/* A comparison as a waterfall: what each field adds, in which level, and what the sum means.
 * Levels and figures only, no value of a record: it may be shown to anyone who may see the pair. */
#ifndef HULEI_DAEMON_COMMON_WATERFALL_H
#define HULEI_DAEMON_COMMON_WATERFALL_H

#include "daemon/common/model.h"
#include "matchers/identity/compare.h"

#include <jansson.h>
#include <stddef.h>

/* All borrowed. */
struct waterfall {
    const struct identity_model *model;
    const struct comparison     *comparison;             /* of identity_compare_fully() */
    double                       own_bits_a, own_bits_b; /* what each record weighs against itself */
};

enum { WATERFALL_STEPS = IDENTITY_PARTS + 1 };

struct waterfall_step {
    const char                  *comparison, *level;
    const struct identity_level *entry; /* NULL: null, or the cap */
    double                       bits, before;
    double                       rarity_bits, of_rarity_bits; /* of a name whose rarity counts; else 0 */
};

/* The comparisons in order, then what relatives' common surroundings weigh too much; how many. */
size_t waterfall_steps(const struct waterfall *waterfall, struct waterfall_step steps[WATERFALL_STEPS]);

enum waterfall_outcome {
    WATERFALL_JOINED = 0, /* one person, by the machine, if nothing else in the cluster speaks against it */
    WATERFALL_TOO_LITTLE, /* below join_bits */
    WATERFALL_VETOED
};

enum waterfall_outcome waterfall_outcome(const struct waterfall *waterfall);

/*
 * {"model", "prior_bits", "steps":[{"comparison","level","bits","sum"...}], "bits", "own_bits", "edge_bits",
 * "join_bits", "probability", "veto", "has_generic_value", "outcome"}. The bits of the steps sum to "bits", without
 * the prior. The caller owns the object; NULL when memory is out.
 */
json_t *waterfall_json(const struct waterfall *waterfall);

/* The steps that weigh anything, for a review sheet: [{"part", "level", "bits"}], what speaks against first. */
json_t *waterfall_list(const struct waterfall *waterfall);

#endif
