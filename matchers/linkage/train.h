/* Trains the weights of a linkage model without truth: u from random pairs, m by EM in turn over blocking rules.
 * Deliberately sees counts only; which pairs are counted is the caller's matter. */
#ifndef HULEI_MATCHERS_LINKAGE_TRAIN_H
#define HULEI_MATCHERS_LINKAGE_TRAIN_H

#include "matchers/linkage/em.h"

enum { TRAIN_BLOCKS_MAX = 16 };

struct train_input {
    struct em_shape             shape;
    double                      pairs;         /* pairs there are at all, e.g. n(n-1)/2 */
    double                      strict_pairs;  /* pairs that strict rules join */
    double                      strict_recall; /* share of the true matches these are thought to be: 0 to 1 */
    const struct pattern_count *random;        /* pairs drawn at random (train_partner) */
    size_t                      random_count;
    const struct em_block      *blocks; /* round robin: together they should leave each comparison free once */
    size_t                      block_count;
    double                      smoothing; /* pairs added to each level; 0.5 is usual */
    uint32_t                    ordered;   /* bit c: weights of comparison c must fall from level to level */
};

struct train_weights {
    struct em_probabilities m, u;
    /* Bit `level`: estimated from at least one expected pair. The rest is smoothing only. */
    uint16_t m_trained[PATTERN_COMPARISONS_MAX], u_trained[PATTERN_COMPARISONS_MAX];
    double   lambda; /* probability that two random records match */
};

struct train_report {
    struct em_outcome blocks[TRAIN_BLOCKS_MAX];
    uint32_t          rounds; /* of u and m in turn */
};

/*
 * Fills weights and report. A function of the counts alone. Random pairs hold true matches, too: u is what remains
 * when the matches m expects among them are taken out, so u and m are estimated in turn.
 */
void train_run(const struct train_input *input, struct train_weights *weights, struct train_report *report);

/* log2 of the odds that two random records match. */
double train_prior_bits(const struct train_weights *weights);

/*
 * Random pairs that do not depend on the order of arrival: sort `count` records by a hash of their id, and pair the
 * record at rank r with the one at rank train_partner(count, r, k), k = 0, 1, 2, ... The result is never r itself
 * when count > 1. Over k from 0 to below train_rounds(count), no unordered pair comes twice.
 */
size_t train_partner(size_t count, size_t rank, size_t k);
/* Each k gives `count` different pairs. */
size_t train_rounds(size_t count);

#endif
