/* Expectation maximisation over counts of agreement patterns: how often true matches agree on each level (m).
 * Deliberately estimates neither u nor the number of matches: both come from outside, or EM finds households. */
#ifndef HULEI_MATCHERS_LINKAGE_EM_H
#define HULEI_MATCHERS_LINKAGE_EM_H

#include "matchers/linkage/pattern.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Comparison c has the levels 1 to level_counts[c], the strongest agreement first; 0 is null and says nothing. */
struct em_shape {
    size_t  comparison_count;
    uint8_t level_counts[PATTERN_COMPARISONS_MAX];
};

/* Probabilities by comparison and level; level 0 is unused. */
struct em_probabilities {
    double of[PATTERN_COMPARISONS_MAX][PATTERN_LEVELS_MAX];
};

/* The pairs of one blocking rule. */
struct em_block {
    const struct pattern_count *patterns;
    size_t                      pattern_count;
    uint32_t                    blocked; /* bit c: the rule looks at what comparison c looks at */
};

struct em_outcome {
    struct em_probabilities expected; /* true matches expected on each level; pairs */
    double                  matches;  /* true matches expected in the block; pairs */
    uint32_t                iterations;
    bool                    has_converged;
};

/* A start for m: most matches agree on the strongest level, fewer on each weaker one. */
void em_start(const struct em_shape *shape, struct em_probabilities *m);

/* log2(m / u) of one level; 0 for null. m and u must be above 0. */
double em_bits(const struct em_probabilities *m, const struct em_probabilities *u, size_t comparison, unsigned level);

/*
 * Estimates m within one block, from `start` on, u held fixed (Fellegi and Sunter 1969; over pattern counts as
 * Enamorado, Fifield and Imai 2019). Comparisons in block->blocked take no part and keep expected = 0. The matches in
 * the block are estimated along, but never exceed matches_max. `smoothing` pairs are added to every level of m in each
 * step.
 */
void em_run(const struct em_shape *shape, const struct em_block *block, const struct em_probabilities *start,
            const struct em_probabilities *u, double matches_max, double smoothing, struct em_outcome *outcome);

#endif
